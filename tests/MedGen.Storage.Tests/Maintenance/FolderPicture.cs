using System.Security.Cryptography;

namespace MedGen.Storage.Tests.Maintenance;

/// <summary>Every path of a folder with its content's hash: two pictures differ when anything was changed.</summary>
internal static class FolderPicture
{
    public static string Of(string folder) => string.Join('\n', new DirectoryInfo(folder)
        .EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
        .OrderBy(entry => entry.FullName, StringComparer.Ordinal)
        .Select(entry => $"{entry.FullName} {(entry is FileInfo file ? Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file.FullName))) : "")}"));

    /// <summary>Changes a few bytes of a file, as a failing disk does: size and times stay.</summary>
    public static void Damage(string file, int offset = 0)
    {
        DateTime written = File.GetLastWriteTimeUtc(file);
        byte[] content = File.ReadAllBytes(file);
        content[offset] ^= 0xFF;
        File.WriteAllBytes(file, content);
        File.SetLastWriteTimeUtc(file, written);
    }
}
