namespace MedGen.PluginHost.Checks;

/// <summary>A folder that claims to hold one version of a plugin: <c>&lt;root&gt;/&lt;id&gt;/&lt;version&gt;/</c>.</summary>
/// <param name="Path">Full path of the version folder.</param>
internal sealed record PluginFolder(string Path)
{
    /// <summary>Name of the folder above, which must be the plugin's id.</summary>
    public string Id => System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(Path)) ?? "";

    /// <summary>Name of the folder, which must be the plugin's version.</summary>
    public string Version => System.IO.Path.GetFileName(Path);
}
