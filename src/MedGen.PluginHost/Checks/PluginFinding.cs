namespace MedGen.PluginHost.Checks;

/// <summary>One thing that a check says about a plugin folder.</summary>
public sealed record PluginFinding
{
    /// <summary>How much it matters.</summary>
    public required PluginFindingSeverity Severity { get; init; }

    /// <summary>
    /// Which check says it: <c>folder</c>, <c>manifest</c>, <c>sdk</c>, <c>files</c>, <c>pack</c>, <c>natives</c>, <c>references</c>,
    /// <c>trust</c>, <c>load</c>, <c>selfTest</c>, <c>calls</c> or <c>unload</c>.
    /// </summary>
    public required string Check { get; init; }

    /// <summary>A sentence for people: what, what was found, what is allowed.</summary>
    public required string Message { get; init; }

    internal static PluginFinding Error(string check, string message) =>
        new() { Severity = PluginFindingSeverity.Error, Check = check, Message = message };

    internal static PluginFinding Warning(string check, string message) =>
        new() { Severity = PluginFindingSeverity.Warning, Check = check, Message = message };

    internal static PluginFinding Information(string check, string message) =>
        new() { Severity = PluginFindingSeverity.Information, Check = check, Message = message };
}
