using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using MedGen.Protos.V1;

namespace MedGen.Client;

/// <summary>
/// Speaks to a MedGen host. One instance serves a whole program; it is safe for use by many threads. Every call throws
/// <see cref="MedGenRpcException"/> when the host says no and <see cref="OperationCanceledException"/> when the caller's token is cancelled.
/// </summary>
public sealed class MedGenClient : IDisposable
{
    private readonly GrpcChannel _channel;

    /// <summary>Makes a client; nothing is sent yet.</summary>
    /// <param name="options">Where the host is.</param>
    /// <exception cref="ArgumentException">
    /// The address is not http or https, a token would go over plain http to another machine, the authorities' file holds no certificate, or the
    /// caller's certificate and key cannot be used.
    /// </exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public MedGenClient(MedGenClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options);
        _channel = GrpcChannel.ForAddress(options.Address, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler
            {
                ConnectTimeout = TimeSpan.FromSeconds(10),
                EnableMultipleHttp2Connections = true,
                KeepAlivePingDelay = TimeSpan.FromSeconds(30),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(20),
                PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
                SslOptions = new SslClientAuthenticationOptions
                {
                    CertificateChainPolicy = options.AuthorityFile is { } file ? Trust(file) : null,
                    ClientCertificates = options.CertificateFile is { } certificate ? [ReadCertificate(certificate, options.KeyFile)] : null,
                },
            },
            DisposeHttpClient = true,
        });
        CallInvoker invoker = options.Token is { } token
            ? _channel.Intercept(headers =>
            {
                headers.Add("authorization", $"Bearer {token}");
                return headers;
            })
            : _channel.CreateCallInvoker();
        Artifacts = new ArtifactsClient(new Artifacts.ArtifactsClient(invoker));
        Generation = new GenerationClient(new Generation.GenerationClient(invoker));
        Augmentation = new AugmentationClient(new Augmentation.AugmentationClient(invoker));
        Curation = new CurationClient(new Curation.CurationClient(invoker));
        Analysis = new AnalysisClient(new Analysis.AnalysisClient(invoker));
        Jobs = new JobsClient(new Jobs.JobsClient(invoker), options);
        Plugins = new PluginsClient(new Plugins.PluginsClient(invoker));
        Dicom = new DicomClient(new Dicom.DicomClient(invoker));
        Models = new ModelsClient(new Models.ModelsClient(invoker));
        Operations = new OperationsClient(new Operations.OperationsClient(invoker));
        Sharing = new SharingClient(new Sharing.SharingClient(invoker));
        Audit = new AuditClient(new Audit.AuditClient(invoker));
    }

    /// <summary>Files in and out.</summary>
    public ArtifactsClient Artifacts { get; }

    /// <summary>Clips from text.</summary>
    public GenerationClient Generation { get; }

    /// <summary>Larger data sets.</summary>
    public AugmentationClient Augmentation { get; }

    /// <summary>Data sets out of films.</summary>
    public CurationClient Curation { get; }

    /// <summary>What clips show.</summary>
    public AnalysisClient Analysis { get; }

    /// <summary>Long requests.</summary>
    public JobsClient Jobs { get; }

    /// <summary>What vendors added.</summary>
    public PluginsClient Plugins { get; }

    /// <summary>DICOM instances, archives and studies.</summary>
    public DicomClient Dicom { get; }

    /// <summary>The resident model.</summary>
    public ModelsClient Models { get; }

    /// <summary>The host itself.</summary>
    public OperationsClient Operations { get; }

    /// <summary>Who else may see what the caller owns.</summary>
    public SharingClient Sharing { get; }

    /// <summary>Who did what.</summary>
    public AuditClient Audit { get; }

    /// <inheritdoc />
    public void Dispose() => _channel.Dispose();

    private static X509ChainPolicy Trust(string authorityFile)
    {
        // The house's authorities publish no revocation lists that this machine could be sure to reach.
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(authorityFile);
        }
        catch (CryptographicException exception)
        {
            throw new ArgumentException(
                $"The authorities' file '{authorityFile}' cannot be used: {exception.Message}", nameof(authorityFile), exception);
        }

        return policy.CustomTrustStore.Count > 0
            ? policy
            : throw new ArgumentException($"The authorities' file '{authorityFile}' holds no certificate in PEM.", nameof(authorityFile));
    }

    private static X509Certificate2 ReadCertificate(string certificateFile, string? keyFile)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        }
        catch (CryptographicException exception)
        {
            throw new ArgumentException(
                $"The certificate '{certificateFile}' cannot be used: {exception.Message}", nameof(certificateFile), exception);
        }
    }

    private static void Check(MedGenClientOptions options)
    {
        Uri address = options.Address;
        if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException($"The address must start with http:// or https://, got '{address}'.", nameof(options));
        }

        bool isLoopback = address.Host == "localhost"
            || (IPAddress.TryParse(address.Host.Trim('[', ']'), out IPAddress? ip) && IPAddress.IsLoopback(ip));
        if (options.Token is not null && address.Scheme == "http" && !isLoopback)
        {
            throw new ArgumentException($"A token is not sent in clear text to another machine; use https instead of '{address}'.", nameof(options));
        }
    }
}
