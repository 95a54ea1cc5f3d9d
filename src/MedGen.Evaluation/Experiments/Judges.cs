using System.Security.Cryptography;

namespace MedGen.Evaluation.Experiments;

/// <summary>Who judges.</summary>
internal static class Judges
{
    /// <summary>SHA-256 of a weights file, lower-case hex.</summary>
    public static string Hash(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
