using System.Runtime.InteropServices;
using MedGen.PluginHost.Manifests;
using MedGen.Sdk.Plugins;

namespace MedGen.PluginHost.Packs;

/// <summary>
/// Weights that versions of a plugin have in common lie on the disk once: a new version gets a second name (hard link) of the file that an installed
/// one has. Where the file system has no such links, each has its copy.
/// </summary>
internal static partial class SharedWeights
{
    /// <summary>Gives a file a second name, if an installed version has declared it and it is what it should be.</summary>
    /// <param name="home">The plugin's folder, with its versions.</param>
    /// <param name="weights">The file that is wanted.</param>
    /// <param name="target">Full path of the new name, in a folder that exists.</param>
    /// <returns>Whether it is there now.</returns>
    public static bool TryLink(string home, PluginWeights weights, string target) =>
        OperatingSystem.IsLinux() && Candidates(home, weights).Any(file => PackedFolder.HashOf(file) == weights.Sha256 && Link(file, target) == 0);

    private static IEnumerable<string> Candidates(string home, PluginWeights weights)
    {
        foreach (string version in Directory.Exists(home) ? Directory.EnumerateDirectories(home) : [])
        {
            PluginManifest? manifest = ManifestReader.Read(Path.Combine(version, ManifestReader.FileName), out _);
            foreach (PluginWeights same in manifest?.Weights.Where(one => one.Sha256 == weights.Sha256) ?? [])
            {
                FileInfo file = new(Path.Combine(version, same.Path));
                if (file is { Exists: true, LinkTarget: null } && file.Length == weights.Bytes)
                {
                    yield return file.FullName;
                }
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string added);
}
