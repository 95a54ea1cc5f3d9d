namespace MedGen.Sdk.Plugins;

/// <summary>The version of the vendor SDK that this host offers.</summary>
public static class MedGenSdk
{
    /// <summary>Semantic version; a plugin's <see cref="PluginManifest.Sdk"/> range must contain it.</summary>
    public static Version Version { get; } = new(0, 9, 0);
}
