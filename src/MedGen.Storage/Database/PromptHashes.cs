using System.Security.Cryptography;
using System.Text;
using MedGen.Application.Generation;

namespace MedGen.Storage.Database;

/// <summary>Keeps the secret as a fact of the installation; it is made when it is first needed.</summary>
internal sealed class PromptHashes(StoreDatabase database) : IPromptHashes
{
    private const string Fact = "prompt-secret";
    private const int SecretBytes = 32;

    private byte[]? _secret;

    public async Task<string> HashAsync(string prompt, CancellationToken cancellationToken)
    {
        _secret ??= database.Read(session => Facts.Find<byte[]>(session, Fact))
            ?? await database.WriteAsync(Make, cancellationToken).ConfigureAwait(false);
        return Convert.ToHexStringLower(HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes(prompt)));
    }

    // Somebody may have made it since it was looked for.
    private static byte[] Make(StoreSession session)
    {
        byte[] secret = Facts.Find<byte[]>(session, Fact) ?? RandomNumberGenerator.GetBytes(SecretBytes);
        Facts.Write(session, Fact, secret);
        return secret;
    }
}
