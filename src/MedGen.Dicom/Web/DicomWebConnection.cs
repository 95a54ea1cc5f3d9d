using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.Web;

/// <summary>The connection to a server: TLS, no redirects (a token must not follow them), no compression (a small answer must not become a large
/// one).</summary>
internal static class DicomWebConnection
{
    /// <exception cref="InvalidInputException">The server's description is wrong, or a file of it cannot be used.</exception>
    public static HttpClient Open(DicomWebServer server)
    {
        Check(server);
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = System.Net.DecompressionMethods.None,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(Math.Min(30, server.Timeout.TotalSeconds)),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        try
        {
            SslClientAuthenticationOptions tls = handler.SslOptions;
            if (server.CertificateFile is { } file)
            {
                X509Certificate2 certificate = Read("certificate", () => X509Certificate2.CreateFromPemFile(file, server.KeyFile));
                tls.ClientCertificates = [certificate];
                tls.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
            }

            if (server.AuthorityFile is { } authorities)
            {
                X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
                Read("ca", () =>
                {
                    policy.CustomTrustStore.ImportFromPemFile(authorities);
                    return policy.CustomTrustStore.Count > 0 ? true : throw new CryptographicException("it holds no certificate in PEM");
                });
                tls.CertificateChainPolicy = policy;
            }

            string address = server.Address.AbsoluteUri;
            return new HttpClient(handler)
            {
                BaseAddress = address.EndsWith('/') ? server.Address : new Uri(address + '/'),
                Timeout = System.Threading.Timeout.InfiniteTimeSpan,
            };
        }
        catch
        {
            handler.Dispose();
            throw;
        }
    }

    private static void Check(DicomWebServer server)
    {
        Violations violations = new();
        bool isWeb = server.Address.IsAbsoluteUri && server.Address.Scheme is "http" or "https" && server.Address.Query.Length == 0
            && server.Address.UserInfo.Length == 0;
        violations.Require(isWeb, "address", $"got another address", $"http or https, without a query and without a password");
        if (isWeb && server.Address.Scheme == Uri.UriSchemeHttp)
        {
            bool isLocal = server.Address.IsLoopback;
            violations.Require(isLocal || server.AllowInsecure, "address", $"got http to another machine", $"https, or allow_insecure");
            violations.Require(isLocal || server.TokenFile is null, "token_file", $"got one for http to another machine", $"https");
            violations.Require(server.CertificateFile is null, "certificate_file", $"got one for http", $"https");
        }

        violations.Require(server.KeyFile is null || server.CertificateFile is not null, "certificate_file", $"is missing", $"the key's certificate");
        violations.Within<double>("timeout_seconds", server.Timeout.TotalSeconds, 1, 3600);
        violations.ThrowIfAny();
    }

    private static T Read<T>(string what, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{what}_file", $"The file cannot be used: {error.Message}");
        }
    }
}
