using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MedGen.PluginHost.Trust;
using MedGen.Sdk.Errors;

namespace MedGen.PluginHost.Packs.Catalogs;

/// <summary>A catalogue of somebody else's, in a folder or at an https address.</summary>
public sealed class CatalogSource : IDisposable
{
    private const int BufferBytes = 81920;

    private readonly string _place;
    private readonly HttpClient? _client;

    /// <summary>Names the place; nothing is read yet.</summary>
    /// <param name="place">A folder, or an address that begins with https.</param>
    /// <param name="authorityFile">PEM file of the authorities to trust for https; null: the machine's.</param>
    /// <exception cref="InvalidInputException">It is an address of another kind, or the file is given for a folder.</exception>
    public CatalogSource(string place, string? authorityFile)
    {
        ArgumentException.ThrowIfNullOrEmpty(place);
        _place = place;
        if (place.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            _client = Uri.TryCreate(place.TrimEnd('/') + "/", UriKind.Absolute, out Uri? address) && address.Host.Length > 0
                ? Connect(address, authorityFile)
                : throw NoPlace(place);
        }
        else if (place.Contains("://", StringComparison.Ordinal))
        {
            throw NoPlace(place);
        }
        else if (authorityFile is not null)
        {
            throw new InvalidInputException("ca", $"got '{authorityFile}' for the folder {place}; allowed: with an https catalogue only.");
        }
    }

    /// <summary>Reads the list.</summary>
    /// <param name="trust">Who may sign catalogues.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidInputException">It is no catalogue, or its signature is not valid.</exception>
    /// <exception cref="FailedPreconditionException">Nobody who is trusted has signed it.</exception>
    /// <exception cref="UnavailableException">It cannot be had.</exception>
    public async Task<PackCatalog> ReadAsync(TrustStore trust, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(trust);
        using MemoryStream content = new();
        await CopyAsync(PackCatalog.FileName, PackCatalog.MaxBytes, content, cancellationToken).ConfigureAwait(false);
        (PackCatalog catalog, string keyId) = PackCatalog.Parse(content.ToArray());
        return trust.CatalogOf(keyId) is null
            ? throw new FailedPreconditionException(
                "CATALOG_NOT_TRUSTED", $"The catalogue is signed with the key {keyId}, which is no catalogue's in the trust file, or is revoked.")
            : catalog;
    }

    /// <summary>Fetches a pack.</summary>
    /// <param name="pack">The pack, as the catalogue lists it.</param>
    /// <param name="file">Where to; there is no such file yet.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidInputException">It is not the pack that the catalogue lists.</exception>
    /// <exception cref="UnavailableException">It cannot be had.</exception>
    public async Task FetchAsync(CatalogEntry pack, string file, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pack);
        using (FileStream target = new(file, FileMode.CreateNew))
        {
            await CopyAsync(pack.FileName, pack.Length, target, cancellationToken).ConfigureAwait(false);
        }

        if (PackedFolder.HashOf(file) is var hash && hash != pack.Sha256)
        {
            throw new InvalidInputException(pack.FileName, $"has SHA-256 {hash}; the catalogue says {pack.Sha256}.");
        }

        using PackReader reader = PackReader.Open(file);
        if ((reader.Signed.Index.Id, reader.Signed.Index.Version) != (pack.Id, pack.Version))
        {
            throw new InvalidInputException(pack.FileName, $"holds {reader.Signed.Index.Id} {reader.Signed.Index.Version}.");
        }
    }

    /// <inheritdoc />
    public void Dispose() => _client?.Dispose();

    private static InvalidInputException NoPlace(string place) =>
        new("catalog", $"got '{place}'; allowed: a folder, or an address that begins with https://.");

    private static HttpClient Connect(Uri address, string? authorityFile)
    {
        SocketsHttpHandler handler = new() { AllowAutoRedirect = false };
        if (authorityFile is not null)
        {
            X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            try
            {
                policy.CustomTrustStore.ImportFromPemFile(authorityFile);
            }
            catch (CryptographicException e)
            {
                throw new InvalidInputException("ca", $"{authorityFile} cannot be used: {e.Message}");
            }

            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        return new HttpClient(handler) { BaseAddress = address };
    }

    private async Task CopyAsync(string name, long maxBytes, Stream target, CancellationToken cancellationToken)
    {
        try
        {
            Stream source = _client is null
                ? File.OpenRead(Path.Combine(_place, name))
                : await _client.GetStreamAsync(new Uri(name, UriKind.Relative), cancellationToken).ConfigureAwait(false);
            await using (source.ConfigureAwait(false))
            {
                byte[] buffer = new byte[BufferBytes];
                long left = maxBytes;
                while (await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and int read)
                {
                    left -= read;
                    if (left < 0)
                    {
                        throw new InvalidInputException(name, $"has more than {maxBytes} bytes.");
                    }

                    await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new UnavailableException("CATALOG_UNAVAILABLE", $"{name} cannot be had from {_place}: {e.Message}");
        }
    }
}
