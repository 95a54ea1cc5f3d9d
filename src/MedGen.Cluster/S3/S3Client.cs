using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.S3;
using MedGen.Sdk.Errors;

namespace MedGen.Cluster.S3;

/// <summary>How a host of these settings speaks to the S3 service. Nothing is taken from the environment.</summary>
internal static class S3Client
{
    /// <exception cref="FailedPreconditionException">The file of keys cannot be used (<c>CLUSTER_FILES_CREDENTIALS</c>).</exception>
    public static AmazonS3Client Create(ClusterOptions options)
    {
        AmazonS3Config config = new()
        {
            AuthenticationRegion = options.FilesRegion,
            MaxErrorRetry = 4,
            RetryMode = RequestRetryMode.Standard,
            Timeout = TimeSpan.FromMinutes(10), // of one part or one file
            DefaultConfigurationMode = DefaultConfigurationMode.Standard,

            // The checksums are ours: SHA-256, of what was in the file.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.FilesEndpoint is { } endpoint)
        {
            (config.ServiceURL, config.ForcePathStyle) = (endpoint, true);
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.FilesRegion);
        }

        if (options.FilesAuthorityFile is { } authority)
        {
            config.HttpClientFactory = new OfAuthority(authority);
        }

        return new AmazonS3Client(ReadKeys(options.FilesCredentialsFile!), config);
    }

    private static AWSCredentials ReadKeys(string path)
    {
        try
        {
            SharedCredentialsFile file = new(path);
            if (file.TryGetProfile("default", out CredentialProfile profile)
                && profile.Options is { AccessKey.Length: > 0, SecretKey.Length: > 0 } keys)
            {
                return keys.Token is { Length: > 0 } token
                    ? new SessionAWSCredentials(keys.AccessKey, keys.SecretKey, token)
                    : new BasicAWSCredentials(keys.AccessKey, keys.SecretKey);
            }
        }
        catch (Exception exception) when (exception is AmazonClientException or InvalidDataException or ArgumentException)
        {
            // Its message may hold a line of the file.
            throw Unusable(path);
        }

        throw Unusable(path);
    }

    private static FailedPreconditionException Unusable(string path) => new(
        "CLUSTER_FILES_CREDENTIALS",
        $"'{path}' (cluster.files_credentials_file) holds no [default] with aws_access_key_id and aws_secret_access_key.");

    private sealed class OfAuthority(string path) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig)
        {
            X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPemFile(path);
            SslClientAuthenticationOptions tls = new() { CertificateChainPolicy = policy };
            return new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, SslOptions = tls });
        }

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
    }
}
