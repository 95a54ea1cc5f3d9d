namespace MedGen.Sdk.Plugins;

/// <summary>A secret that the operator has given. Its text is told on request only, so that it gets into no log by accident.</summary>
/// <param name="text">The secret.</param>
public sealed class PluginSecret(string text)
{
    /// <summary>The secret.</summary>
    /// <returns>The text, without the line end of its file.</returns>
    public string Reveal() => text;

    /// <inheritdoc />
    public override string ToString() => "(secret)";
}
