using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MedGen.Abstractions.Errors;
using MedGen.Application.Access;

namespace MedGen.Host.Access;

/// <summary>
/// Who may call: a JSON array of <c>{"name": "…", "sha256": "…", "role": "reader|operator|administrator"}</c>. It holds hashes only; a token is
/// a long random text, so a plain hash of it cannot be reversed.
/// </summary>
internal sealed class TokenFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    private readonly (byte[] Hash, Caller Caller)[] _entries;

    private TokenFile((byte[] Hash, Caller Caller)[] entries) => _entries = entries;

    /// <summary>Reads and checks the file.</summary>
    /// <exception cref="FailedPreconditionException">The file is missing, not as described above, empty, or names a caller twice.</exception>
    public static TokenFile Read(string path)
    {
        try
        {
            AccessToken[] tokens = JsonSerializer.Deserialize<AccessToken[]>(File.ReadAllBytes(path), Json) ?? [];
            return tokens.Length > 0
                ? new TokenFile([.. tokens.Select(token => (ParseHash(token), ParseCaller(token, tokens)))])
                : throw new FormatException("it names nobody");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or FormatException)
        {
            throw new FailedPreconditionException("TOKEN_FILE", $"The tokens file '{Path.GetFileName(path)}' cannot be used: {error.Message}", error);
        }
    }

    /// <summary>Who holds a token; null: nobody. Takes the same time for every token.</summary>
    public Caller? Find(string token)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        Caller? found = null;
        foreach ((byte[] known, Caller caller) in _entries)
        {
            if (CryptographicOperations.FixedTimeEquals(known, hash))
            {
                found = caller;
            }
        }

        return found;
    }

    private static byte[] ParseHash(AccessToken token) => token.Sha256.Length == 2 * SHA256.HashSizeInBytes
        ? Convert.FromHexString(token.Sha256)
        : throw new FormatException($"sha256 of '{token.Name}' has {token.Sha256.Length} characters, a SHA-256 in hex has 64");

    private static Caller ParseCaller(AccessToken token, AccessToken[] all) => token.Name.Length is < 1 or > 200 || token.Name.Any(char.IsControl)
        ? throw new FormatException($"a name has {token.Name.Length} characters; 1 to 200 are allowed, none of them a control character")
        : all.Count(other => other.Name == token.Name) > 1
            ? throw new FormatException($"it names '{token.Name}' twice")
            : new Caller { Name = token.Name, Role = token.Role };
}
