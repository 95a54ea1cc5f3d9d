using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using MedGen.Sdk.Files;

namespace MedGen.Training.Clips;

/// <summary>
/// Files that can be computed again, named by the hash of what they were computed from. A file appears under its name only when it is whole.
/// </summary>
internal sealed class CacheFolder(string folder)
{
    /// <summary>Path of an entry.</summary>
    /// <param name="key">Everything that the content depends on.</param>
    public string PathOf(string key)
    {
        string name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        return Path.Combine(folder, name[..2], name);
    }

    /// <summary>Writes an entry.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string temporary = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            File.WriteAllBytes(temporary, content);
            WholeFile.Replace(temporary, path);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Writes numbers.</summary>
    public static void Write(string path, ReadOnlySpan<float> content) => Write(path, MemoryMarshal.AsBytes(content));

    /// <summary>Reads numbers.</summary>
    public static float[] ReadNumbers(string path) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path)).ToArray();
}
