using System.Security.Cryptography;
using MedGen.Application.Signing;
using MedGen.Sdk.Errors;
using MedGen.Storage.Disks;

namespace MedGen.Storage.Signing;

/// <summary>The host's key as the file <c>host-key.pem</c> (PKCS#8) of the data folder.</summary>
internal sealed class HostKey : IHostKey, IDisposable
{
    public const string FileName = "host-key.pem";

    private readonly Lock _lock = new();
    private readonly ECDsa? _key;

    public HostKey(DataFolder folder)
    {
        string path = Path.Combine(folder.Root, FileName);
        _key = File.Exists(path) ? Read(path) : null;
        byte[] publicKey = _key?.ExportSubjectPublicKeyInfo() ?? [];
        PublicKey = Convert.ToBase64String(publicKey);
        Id = _key is null ? "" : Convert.ToHexStringLower(SHA256.HashData(publicKey));
    }

    public string Id { get; }

    public string PublicKey { get; }

    public string Sign(ReadOnlySpan<byte> data)
    {
        if (_key is null)
        {
            throw new FailedPreconditionException("HOST_KEY_MISSING", $"The data folder has no '{FileName}' yet, and is only looked at.");
        }

        lock (_lock)
        {
            return Convert.ToBase64String(_key.SignData(data, HashAlgorithmName.SHA256));
        }
    }

    public bool Verify(ReadOnlySpan<byte> data, string signature)
    {
        Span<byte> bytes = stackalloc byte[64];
        if (_key is null || !Convert.TryFromBase64String(signature, bytes, out int length) || length != bytes.Length)
        {
            return false;
        }

        lock (_lock)
        {
            return _key.VerifyData(data, bytes, HashAlgorithmName.SHA256);
        }
    }

    public void Dispose() => _key?.Dispose();

    /// <summary>
    /// Makes the key of a folder that has none; when the folder is opened, since the disk may be full when something is to be signed.
    /// </summary>
    public static void MakeIfMissing(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (File.Exists(path))
        {
            return;
        }

        // Written whole and then named, so that a crash leaves no half of a key.
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string unfinished = path + ".new";
        using (StreamWriter file = new(new FileStream(unfinished, DataFolder.NewFile(FileMode.Create))))
        {
            file.Write(key.ExportPkcs8PrivateKeyPem());
            file.Flush();
            ((FileStream)file.BaseStream).Flush(flushToDisk: true);
        }

        File.Move(unfinished, path);
        DurableNames.Flush(folder);
    }

    private static ECDsa Read(string path)
    {
        ECDsa key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
            return key.KeySize == 256 ? key : throw new CryptographicException($"it is a key of {key.KeySize} bits, not of P-256");
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new DataLossException(
                "HOST_KEY_DAMAGED",
                $"The key '{path}' cannot be used ({exception.Message.TrimEnd('.')}). Put a backup of it back. Without one, move it away: the host "
                    + "then makes another, and what the old one has signed can be checked with its public key only.",
                exception);
        }
    }
}
