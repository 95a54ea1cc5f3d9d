using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MedGen.Application.Signing;

/// <summary>
/// What a host says of a clip that it made, signed: a JSON Web Signature (RFC 7515, flattened JSON, ES256) whose payload is JSON. The public key is
/// in its header, so everybody can check it; whose key that is, is for the reader to know. It is no C2PA manifest.
/// </summary>
public sealed record ProvenanceStatement
{
    /// <summary>The <c>typ</c> of the signature's header.</summary>
    public const string Type = "medgen-provenance+json";

    private const int MaxBytes = 1 << 20;

    /// <summary>What the host says: <c>frames_sha256</c>, <c>signed_at</c>, and <c>made</c>, how the clip was made.</summary>
    public required JsonObject Payload { get; init; }

    /// <summary>SHA-256 of the public key (SubjectPublicKeyInfo), 64 lower-case hex digits.</summary>
    public required string KeyId { get; init; }

    /// <summary>Whether the signature is that key's over that payload.</summary>
    public required bool IsSigned { get; init; }

    /// <summary>The hash of the clip's frames; empty: the payload has none.</summary>
    public string FramesSha256 => Payload["frames_sha256"]?.ToString() ?? "";

    /// <summary>Signs a statement.</summary>
    /// <typeparam name="T">Type of <paramref name="made"/>.</typeparam>
    /// <param name="key">The host's key.</param>
    /// <param name="framesSha256">The hash of the clip's frames.</param>
    /// <param name="made">How the clip was made.</param>
    /// <param name="time">When it is signed.</param>
    /// <returns>The signature as JSON.</returns>
    public static string Sign<T>(IHostKey key, string framesSha256, T made, DateTimeOffset time)
    {
        ArgumentNullException.ThrowIfNull(key);
        string header = Encode(new JsonObject { ["alg"] = "ES256", ["typ"] = Type, ["spki"] = key.PublicKey });
        string payload = Encode(new JsonObject
        {
            ["synthetic"] = true,
            ["frames_sha256"] = framesSha256,
            ["signed_at"] = time,
            ["made"] = JsonSerializer.SerializeToNode(made, JsonSerializerOptions.Web),
        });
        string signature = Base64Url.EncodeToString(Convert.FromBase64String(key.Sign(Encoding.ASCII.GetBytes($"{header}.{payload}"))));
        return new JsonObject { ["payload"] = payload, ["protected"] = header, ["signature"] = signature }.ToJsonString();
    }

    /// <summary>Reads and checks a statement.</summary>
    /// <param name="json">The JSON, in UTF-8.</param>
    /// <returns>The statement; null: it is none.</returns>
    public static ProvenanceStatement? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            if (json.Length > MaxBytes || JsonNode.Parse(json) is not JsonObject outer
                || outer["protected"]?.ToString() is not { } header || outer["payload"]?.ToString() is not { } payload
                || Decode(header) is not { } stated || stated["typ"]?.ToString() != Type || Decode(payload) is not { } said)
            {
                return null;
            }

            byte[] publicKey = Convert.FromBase64String(stated["spki"]?.ToString() ?? "");
            byte[] signature = Base64Url.DecodeFromChars(outer["signature"]?.ToString());
            return new ProvenanceStatement
            {
                Payload = said,
                KeyId = Convert.ToHexStringLower(SHA256.HashData(publicKey)),
                IsSigned = stated["alg"]?.ToString() == "ES256" && IsSignedBy(publicKey, Encoding.ASCII.GetBytes($"{header}.{payload}"), signature),
            };
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private static bool IsSignedBy(byte[] publicKey, byte[] text, byte[] signature)
    {
        using ECDsa key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(publicKey, out _);
            return key.KeySize == 256 && key.VerifyData(text, signature, HashAlgorithmName.SHA256);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(json));

    private static JsonObject? Decode(string text) => JsonNode.Parse(Base64Url.DecodeFromChars(text)) as JsonObject;
}
