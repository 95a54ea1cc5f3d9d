using System.Security.Cryptography;
using MedGen.Sdk.Errors;

namespace MedGen.PluginHost.Packs;

/// <summary>A version folder that was installed from a pack: index and signature lie in it, and everything is as they say.</summary>
public static class PackedFolder
{
    /// <summary>Reads and checks everything in a folder.</summary>
    /// <param name="folder">The version folder.</param>
    /// <returns>The index and its signature; null: the folder does not come from a pack.</returns>
    /// <exception cref="InvalidInputException">Something is not as the index says; the violations name the files.</exception>
    public static SignedIndex? Verify(string folder)
    {
        if (!Directory.EnumerateFileSystemEntries(folder).Any(path => PackPath.IsReserved(Path.GetFileName(path))))
        {
            return null;
        }

        string[] files = [.. FilesOf(folder)];

        SignedIndex signed = SignedIndex.Parse(
            Read(folder, PackIndex.FileName, PackIndex.MaxBytes) ?? throw new InvalidInputException(PackIndex.FileName, "is missing."),
            Read(folder, PackSignature.FileName, PackSignature.MaxBytes));
        PackDifferences.Check(signed.Index, files.Where(file => !PackPath.IsOwn(file)));
        Violations wrong = new();
        foreach (PackEntry file in signed.Index.Files)
        {
            try
            {
                PackDifferences.CheckHash(file, HashOf(Path.Combine(folder, file.Path)));
            }
            catch (InvalidInputException changed)
            {
                wrong.AddRange(changed.Violations);
            }
        }

        wrong.ThrowIfAny();
        return signed;
    }

    /// <summary>All files below a folder by their paths in it, with '/' between the parts.</summary>
    /// <exception cref="InvalidInputException">There is a link, which could lead anywhere.</exception>
    internal static IEnumerable<string> FilesOf(string folder)
    {
        foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            if (entry.LinkTarget is not null)
            {
                throw new InvalidInputException(PackPath.Shown(entry.Name), "is a symbolic link; allowed: files and folders.");
            }

            IEnumerable<string> files = entry is DirectoryInfo ? FilesOf(entry.FullName).Select(file => $"{entry.Name}/{file}") : [entry.Name];
            foreach (string file in files)
            {
                yield return file;
            }
        }
    }

    internal static string HashOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static byte[]? Read(string folder, string name, int maxBytes)
    {
        FileInfo file = new(Path.Combine(folder, name));
        return !file.Exists ? null
            : file.Length <= maxBytes ? File.ReadAllBytes(file.FullName)
            : throw new InvalidInputException(name, $"has {file.Length} bytes; allowed: {maxBytes}.");
    }
}
