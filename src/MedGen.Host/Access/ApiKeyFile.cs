using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MedGen.Application.Access;
using MedGen.Sdk.Errors;

namespace MedGen.Host.Access;

/// <summary>
/// Holders of API keys: a JSON array of <see cref="ApiKey"/>. It holds hashes only; a key is a long random text, so a plain hash of it cannot be
/// reversed.
/// </summary>
internal sealed class ApiKeyFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    private readonly (byte[] Hash, Caller Caller, DateTimeOffset? Expires)[] _entries;

    private ApiKeyFile((byte[] Hash, Caller Caller, DateTimeOffset? Expires)[] entries) => _entries = entries;

    /// <summary>Reads and checks a file's content.</summary>
    /// <exception cref="FormatException">It is not as described above, empty, or has a name or a hash twice.</exception>
    /// <exception cref="JsonException">It is no JSON, or has other fields.</exception>
    public static ApiKeyFile Parse(ReadOnlySpan<byte> content)
    {
        ApiKey[] keys = JsonSerializer.Deserialize<ApiKey[]>(content, Json) ?? [];
        if (keys.Length == 0)
        {
            throw new FormatException("it names nobody");
        }

        Violations violations = new();
        for (int i = 0; i < keys.Length; i++)
        {
            Check(keys[i], violations.In($"[{i}]"));
        }

        RequireOnce(keys, key => key.Name, "name", violations);
        RequireOnce(keys, key => key.Sha256.ToLowerInvariant(), "sha256", violations);
        return violations.Found.Count == 0
            ? new ApiKeyFile([.. keys.Select(key => (Convert.FromHexString(key.Sha256), ToCaller(key), key.Expires))])
            : throw new FormatException(string.Join(" ", violations.Found.Select(violation => $"{violation.Field}: {violation.Description}")));
    }

    /// <summary>Who holds a key, and until when; null: nobody. Takes the same time for every key.</summary>
    public (Caller Caller, DateTimeOffset? Expires)? Find(string key)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        (Caller, DateTimeOffset?)? found = null;
        foreach ((byte[] known, Caller caller, DateTimeOffset? expires) in _entries)
        {
            if (CryptographicOperations.FixedTimeEquals(known, hash))
            {
                found = (caller, expires);
            }
        }

        return found;
    }

    private static void Check(ApiKey key, Violations violations)
    {
        violations.Require(AccessNames.IsCaller(key.Name), "name", $"got another text", $"1 to 200 characters, none of them a control character");
        violations.Require(
            key.Sha256.Length == 2 * SHA256.HashSizeInBytes && key.Sha256.All(char.IsAsciiHexDigit),
            "sha256", $"has {key.Sha256.Length} characters", $"64 hex digits");
        violations.Require((key.Role is null) != (key.Roles is null), "roles", $"got {(key.Role is null ? "none" : "role, too")}", $"roles or role");
        violations.Require(key.Role is null || ToRole(key.Role) is not null, "role", $"got another name", $"{AccessNames.RoleNames}, reader");
        AccessNames.CheckTenant(key.Tenant, key.Roles ?? [], violations);
    }

    private static void RequireOnce(ApiKey[] keys, Func<ApiKey, string> value, string field, Violations violations)
    {
        foreach (IGrouping<string, ApiKey> same in keys.GroupBy(value, StringComparer.Ordinal).Where(same => same.Count() > 1))
        {
            violations.Add(field, $"'{same.Last().Name}' has the {field} of '{same.First().Name}'", $"each {field} once");
        }
    }

    private static Role? ToRole(string name) => name == "reader" ? Role.Viewer : AccessNames.ToRole(name);

    private static Caller ToCaller(ApiKey key) =>
        new() { Name = key.Name, Roles = key.Roles ?? [ToRole(key.Role!)!.Value], Tenant = key.Tenant };
}
