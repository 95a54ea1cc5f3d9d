using MedGen.PluginHost.Loading;
using MedGen.PluginHost.Manifests;
using MedGen.PluginHost.Packs;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Plugins;

namespace MedGen.PluginHost.Checks;

/// <summary>
/// The checks that need no code of the plugin to run: manifest, names, SDK range, file hashes, the pack's index, natives, references.
/// </summary>
internal static class PluginFolderChecks
{
    private static readonly string[] TorchNativePrefixes =
        ["libtorch", "libc10", "libLibTorchSharp", "LibTorchSharp", "torch.dll", "torch_c", "c10.dll", "c10_"];

    /// <summary>Checks a folder. Never throws for what is in the folder: an unreadable file is a finding too.</summary>
    /// <param name="folder">The version folder.</param>
    public static PluginFolderReport Run(PluginFolder folder)
    {
        var findings = new List<PluginFinding>();
        PluginManifest? manifest = null;
        SignedIndex? pack = null;
        try
        {
            manifest = ReadManifest(folder, findings);
            pack = ReadPack(folder, manifest, findings);
            string[] files = Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories);
            if (manifest is not null)
            {
                CheckSdk(manifest, findings);
                CheckHashes(folder, "files", manifest.Files, findings);
                CheckWeights(folder, manifest, findings);
            }

            CheckTorch(folder, files, findings);
            CheckAssemblies(folder, manifest, files, findings);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            findings.Add(PluginFinding.Error("folder", $"The folder cannot be read: {e.Message}"));
        }

        return new PluginFolderReport { Folder = folder, Manifest = manifest, Pack = pack, Findings = findings };
    }

    private static SignedIndex? ReadPack(PluginFolder folder, PluginManifest? manifest, List<PluginFinding> findings)
    {
        try
        {
            SignedIndex? pack = PackedFolder.Verify(folder.Path);
            findings.AddRange((manifest is null || pack is null ? [] : pack.Index.Differences(manifest)).Select(Said));
            return pack;
        }
        catch (InvalidInputException e)
        {
            findings.AddRange(e.Violations.Select(Said));
            return null;
        }

        static PluginFinding Said(FieldViolation violation) => PluginFinding.Error("pack", $"{violation.Field}: {violation.Description}");
    }

    private static PluginManifest? ReadManifest(PluginFolder folder, List<PluginFinding> findings)
    {
        PluginManifest? manifest = ManifestReader.Read(Path.Combine(folder.Path, ManifestReader.FileName), out IReadOnlyList<string> problems);
        findings.AddRange(problems.Select(problem => PluginFinding.Error("manifest", $"{ManifestReader.FileName}: {problem}")));
        if (manifest is not null && manifest.Id != folder.Id)
        {
            findings.Add(PluginFinding.Error("manifest", $"plugin.json: id: '{manifest.Id}' differs from its folder's name '{folder.Id}'."));
        }

        if (manifest is not null && manifest.Version != folder.Version)
        {
            findings.Add(PluginFinding.Error(
                "manifest", $"plugin.json: version: '{manifest.Version}' differs from its folder's name '{folder.Version}'."));
        }

        return manifest;
    }

    private static void CheckSdk(PluginManifest manifest, List<PluginFinding> findings)
    {
        findings.AddRange(manifest.Capabilities.Where(capability => !CapabilityKinds.All.Contains(capability.Kind)).Select(capability =>
            PluginFinding.Warning("manifest", $"This host does not know the kind {capability.Kind}; the plugin is used for its others.")));
        if (!ManifestRules.AcceptsSdk(manifest.Sdk))
        {
            findings.Add(PluginFinding.Error(
                "sdk", $"The plugin works with SDK {manifest.Sdk}, this host offers SDK {MedGenSdk.Version}, which is outside that range."));
        }
    }

    private static void CheckWeights(PluginFolder folder, PluginManifest manifest, List<PluginFinding> findings)
    {
        foreach (PluginWeights weights in manifest.Weights)
        {
            FileInfo file = new(Path.Combine(folder.Path, weights.Path));
            if (file.Exists && file.Length != weights.Bytes)
            {
                findings.Add(PluginFinding.Error("weights", $"{weights.Path} has {file.Length} bytes, plugin.json declares {weights.Bytes}."));
            }
            else
            {
                CheckHashes(folder, "weights", new Dictionary<string, string> { [weights.Path] = weights.Sha256 }, findings);
            }
        }
    }

    private static void CheckHashes(
        PluginFolder folder, string check, IReadOnlyDictionary<string, string> files, List<PluginFinding> findings)
    {
        foreach ((string relativePath, string expected) in files)
        {
            string path = Path.Combine(folder.Path, relativePath);
            if (!File.Exists(path))
            {
                findings.Add(PluginFinding.Error(check, $"{relativePath} is declared in plugin.json, but missing."));
                continue;
            }

            string actual = PackedFolder.HashOf(path);
            if (actual != expected)
            {
                findings.Add(PluginFinding.Error(check, $"{relativePath} has SHA-256 {actual}, plugin.json declares {expected}."));
            }
        }
    }

    // A second copy of TorchSharp or of its natives aborts the process in native code, where nothing can catch it.
    private static void CheckTorch(PluginFolder folder, string[] files, List<PluginFinding> findings)
    {
        foreach (string path in files)
        {
            string name = Path.GetFileName(path);
            bool isTorch = name.Equals("TorchSharp.dll", StringComparison.OrdinalIgnoreCase)
                || TorchNativePrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
            string relativePath = Path.GetRelativePath(folder.Path, path);
            if (isTorch)
            {
                findings.Add(PluginFinding.Error(
                    "natives",
                    $"{relativePath} must not come with a plugin: a second TorchSharp or libtorch ends the process; the host shares its own."));
            }
            else if (IsNativeLibrary(path))
            {
                findings.Add(PluginFinding.Information(
                    "natives",
                    $"{relativePath} is a native library: it stays loaded until the process ends, and a crash in it ends the process."));
            }
        }
    }

    private static void CheckAssemblies(PluginFolder folder, PluginManifest? manifest, string[] files, List<PluginFinding> findings)
    {
        ManagedAssembly[] assemblies = [.. files.Where(path => path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
            .Select(ManagedAssembly.Read).OfType<ManagedAssembly>()];
        if (manifest?.Runtime is { } runtime)
        {
            CheckRuntime(manifest, runtime, folder, assemblies, findings);
            return;
        }

        ManagedAssembly? entry = assemblies.FirstOrDefault(assembly => assembly.FileName == manifest?.EntryAssembly);
        if (manifest is not null && !File.Exists(Path.Combine(folder.Path, manifest.EntryAssembly!)))
        {
            findings.Add(PluginFinding.Error("folder", $"The entry assembly {manifest.EntryAssembly} is missing."));
        }
        else if (manifest is not null && entry is null)
        {
            findings.Add(PluginFinding.Error("folder", $"The entry assembly {manifest.EntryAssembly} is not a .NET assembly."));
        }

        findings.AddRange(ReferenceChecks.Run(entry, assemblies));
    }

    // Its code is the host's; an assembly of its own would never be loaded.
    private static void CheckRuntime(
        PluginManifest manifest, string runtime, PluginFolder folder, ManagedAssembly[] assemblies, List<PluginFinding> findings)
    {
        if (!File.Exists(PluginRuntimes.EntryAssembly(manifest, folder.Path)))
        {
            findings.Add(PluginFinding.Error("runtime", $"This host has no runtime {runtime}: it is not beside its program."));
        }

        findings.AddRange(assemblies.Select(assembly => PluginFinding.Error(
            "runtime", $"{assembly.FileName} must not come with a plugin that has the runtime {runtime}: it has no code of its own.")));
    }

    private static bool IsNativeLibrary(string path)
    {
        string name = Path.GetFileName(path);
        return name.EndsWith(".so", StringComparison.Ordinal)
            || name.Contains(".so.", StringComparison.Ordinal)
            || name.EndsWith(".dylib", StringComparison.Ordinal)
            || (name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) && ManagedAssembly.Read(path) is null);
    }
}
