namespace MedGen.PluginHost.Checks;

/// <summary>How much a finding about a plugin folder matters.</summary>
public enum PluginFindingSeverity
{
    /// <summary>Worth knowing, for instance a native library that comes along.</summary>
    Information,

    /// <summary>The plugin works here, but something deserves a look.</summary>
    Warning,

    /// <summary>The plugin is refused.</summary>
    Error,
}
