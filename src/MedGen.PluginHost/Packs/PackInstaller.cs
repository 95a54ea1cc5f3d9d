using MedGen.PluginHost.Manifests;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Plugins;

namespace MedGen.PluginHost.Packs;

/// <summary>
/// Puts packs into a plugin folder and takes plugins out of it. A version is written beside its place and renamed into it, so that there is all of it
/// or nothing, whenever the process ends.
/// </summary>
/// <param name="root">The plugin folder.</param>
public sealed class PackInstaller(string root)
{
    // Hosts pass over names that start with a dot.
    private const string Unfinished = ".installing-";
    private const string Removed = ".removed-";
    private const string LockName = ".medgen-install";

    /// <summary>Installs a pack whose publisher the caller has judged.</summary>
    /// <param name="pack">The pack.</param>
    /// <param name="allowDowngrade">Whether higher versions, which a host would load before it, are removed.</param>
    /// <param name="cancellationToken">Gives up; nothing is installed then.</param>
    /// <returns>The version folder, and whether it was there already as the highest one.</returns>
    /// <exception cref="InvalidInputException">The pack is not as its index says.</exception>
    /// <exception cref="FailedPreconditionException">
    /// The pack is for another SDK, a higher version is installed, or the same version with another content.
    /// </exception>
    public (string Folder, bool WasInstalled) Install(PackReader pack, bool allowDowngrade, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pack);
        PackIndex index = pack.Signed.Index;
        PluginManifest manifest = pack.ReadManifest();
        if (!ManifestRules.AcceptsSdk(manifest.Sdk))
        {
            throw new FailedPreconditionException("PLUGIN_SDK", $"The plugin works with SDK {index.Sdk}; this host offers SDK {MedGenSdk.Version}.");
        }

        using FileStream only = Lock();
        CleanUp();
        string home = Path.Combine(root, index.Id);
        string folder = Path.Combine(home, index.Version);
        string unfinished = Path.Combine(root, Unfinished + Guid.NewGuid().ToString("N"));
        bool wasThere = Directory.Exists(folder);
        string[] higher = [.. VersionsOf(home).Where(version => ManifestRules.IsHigher(version, index.Version))];
        if (higher.Length > 0 && !allowDowngrade)
        {
            throw new FailedPreconditionException(
                "PLUGIN_DOWNGRADE",
                $"{index.Id} {index.Version} is older than what is installed ({string.Join(", ", higher)}). Going back must be asked for "
                    + "(--allow-downgrade); it removes the higher versions.");
        }

        try
        {
            if (wasThere)
            {
                Renew(folder, unfinished, pack.Signed);
            }
            else
            {
                // A plugin's folder without a version would be seen as a bad plugin: of a new plugin both come into being at once.
                string written = Path.Combine(unfinished, index.Version);
                Write(pack, written, (file, target) => manifest.Weights.FirstOrDefault(weights => weights.Path == file.Path) is { } weights
                    && SharedWeights.TryLink(home, weights, target), cancellationToken);
                bool isNew = !Directory.Exists(home);
                Directory.Move(isNew ? unfinished : written, isNew ? home : folder);
            }
        }
        finally
        {
            CleanUp();
        }

        // Last, and also when the version is there already: an installation that was killed before this is completed by the next.
        foreach (string version in higher)
        {
            Remove(Path.Combine(home, version));
        }

        return (folder, wasThere && higher.Length == 0);
    }

    /// <summary>Removes a plugin, or one of its versions.</summary>
    /// <param name="id">The plugin.</param>
    /// <param name="version">The version; null: all.</param>
    /// <exception cref="ResourceNotFoundException">It is not there.</exception>
    public void Uninstall(string id, string? version)
    {
        if (!ManifestRules.IsId(id) || (version is not null && ManifestRules.ParseVersion(version) is null))
        {
            throw new InvalidInputException("plugin", "allowed: the id of a plugin, or ID@VERSION.");
        }

        string folder = version is null ? Path.Combine(root, id) : Path.Combine(root, id, version);
        if (!Directory.Exists(folder))
        {
            throw new ResourceNotFoundException("plugin", version is null ? id : $"{id}@{version}");
        }

        using FileStream only = Lock();
        string home = Path.Combine(root, id);
        Remove(version is not null && VersionsOf(home).All(one => one == version) ? home : folder);
    }

    private static void Write(PackReader pack, string folder, Func<PackEntry, string, bool> isLinked, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        foreach (PackEntry file in pack.Signed.Index.Files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string path = Path.Combine(folder, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (!isLinked(file, path))
            {
                Write(path, target => pack.Copy(file, target));
            }
        }

        Write(Path.Combine(folder, PackIndex.FileName), target => target.Write(pack.Signed.Bytes));
        if (pack.Signed.Signature is { } signature)
        {
            Write(Path.Combine(folder, PackSignature.FileName), target => target.Write(CanonicalJson.Write(signature)));
        }
    }

    private static void Write(string path, Action<Stream> write)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using FileStream file = new(path, FileMode.CreateNew);
        write(file);

        // The rename may reach the disk before the content does.
        file.Flush(flushToDisk: true);
    }

    private static void Renew(string folder, string unfinished, SignedIndex pack)
    {
        string there = Path.Combine(folder, PackIndex.FileName);
        if (!File.Exists(there) || !File.ReadAllBytes(there).AsSpan().SequenceEqual(pack.Bytes))
        {
            throw new FailedPreconditionException(
                "PLUGIN_VERSION_TAKEN",
                $"{pack.Index.Id} {pack.Index.Version} is installed with another content. A version never changes: raise it, or remove the other "
                    + "first.");
        }

        // The content is the same; the signature may be new.
        if (PackedFolder.Verify(folder)!.Signature != pack.Signature && pack.Signature is { } signature)
        {
            string written = Path.Combine(unfinished, PackSignature.FileName);
            Write(written, target => target.Write(CanonicalJson.Write(signature)));
            File.Move(written, Path.Combine(folder, PackSignature.FileName), overwrite: true);
        }
    }

    private static IEnumerable<string> VersionsOf(string home) => !Directory.Exists(home)
        ? []
        : Directory.EnumerateDirectories(home).Select(path => Path.GetFileName(path)).Where(name => ManifestRules.ParseVersion(name) is not null);

    // What is left of this installation, and of others that were killed.
    private void CleanUp()
    {
        foreach (string left in Directory.EnumerateDirectories(root, Unfinished + "*").Concat(Directory.EnumerateDirectories(root, Removed + "*")))
        {
            Directory.Delete(left, recursive: true);
        }
    }

    private void Remove(string folder)
    {
        Directory.Move(folder, Path.Combine(root, Removed + Guid.NewGuid().ToString("N")));
        CleanUp();
    }

    private FileStream Lock()
    {
        Directory.CreateDirectory(root);
        string path = Path.Combine(root, LockName);
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new FailedPreconditionException("PLUGIN_FOLDER_BUSY", $"Somebody else installs or removes plugins in {root}.", e);
        }
    }
}
