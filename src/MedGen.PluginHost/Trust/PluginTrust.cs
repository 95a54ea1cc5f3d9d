namespace MedGen.PluginHost;

/// <summary>
/// What becomes of plugins of which nothing proves where they come from. Proof is a publisher's signature, or a build's list of hashes.
/// </summary>
public enum PluginTrust
{
    /// <summary>They are loaded like others, and the log warns of each: for developers.</summary>
    Open,

    /// <summary>They get a process of their own.</summary>
    Isolated,

    /// <summary>They are refused.</summary>
    Signed,
}
