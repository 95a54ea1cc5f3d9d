namespace MedGen.PluginHost.Trust;

/// <summary>Where a plugin's files come from, as far as something proves it.</summary>
public enum PluginOrigin
{
    /// <summary>Nothing proves it: they are not signed, or by a key that nobody has vouched for.</summary>
    Unknown,

    /// <summary>A publisher in the trust file has signed them.</summary>
    Publisher,

    /// <summary>They are those that the host was built with.</summary>
    Platform,

    /// <summary>The operator does not want them, whatever the settings are otherwise.</summary>
    Refused,
}
