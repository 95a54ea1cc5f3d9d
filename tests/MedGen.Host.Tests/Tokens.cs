using System.Security.Cryptography;
using System.Text;

namespace MedGen.Host.Tests;

/// <summary>Tokens of made-up callers and their entries for a tokens file.</summary>
internal static class Tokens
{
    public static string Of(string name) => $"token-of-{name}";

    public static object Entry(string name, string role) =>
        new { name, role, sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Of(name)))) };
}
