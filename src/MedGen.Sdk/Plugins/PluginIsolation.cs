namespace MedGen.Sdk.Plugins;

/// <summary>Where a plugin runs.</summary>
public enum PluginIsolation
{
    /// <summary>In the host's process (<c>inProcess</c>, the default): fastest, and what ends the process ends the host.</summary>
    InProcess,

    /// <summary>
    /// In a process of its own (<c>process</c>), within limits on memory and, where bubblewrap is there, without network and files but its own: what
    /// ends it ends its own calls.
    /// </summary>
    Process,
}
