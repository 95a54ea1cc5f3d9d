using System.Security.Cryptography;
using System.Text;

namespace MedGen.Host.Tests;

/// <summary>Tokens of made-up callers and their entries for a tokens file.</summary>
internal static class Tokens
{
    public static string Of(string name) => $"token-of-{name}";

    public static string HashOf(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Of(name))));

    public static object Entry(string name, string role) =>
        new { name, role, sha256 = HashOf(name) };

    public static object Key(string name, string[] roles, string tenant = "default", DateTimeOffset? expires = null) => new
    {
        name, roles, tenant, expires, sha256 = HashOf(name),
    };
}
