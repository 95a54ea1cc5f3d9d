using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MedGen.Application.Cluster;
using MedGen.Cluster;
using MedGen.Cluster.Connections;
using MedGen.Cluster.Files;
using MedGen.Cluster.Hosts;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NATS.Client.Core;

namespace MedGen.Storage.Tests.Clusters;

/// <summary>A server with the configuration of deploy/cluster: who shows no certificate of the authority gets nothing, and nobody more than their own.</summary>
[Long]
public sealed class ClosedServersTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("medgen-closed-");
    private readonly X509Certificate2 _authority = Authority("CN=House");
    private readonly X509Certificate2 _stranger = Authority("CN=House");
    private readonly NatsServer _server;

    public ClosedServersTests()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "authority.pem"), _authority.ExportCertificatePem());
        Issue(_authority, "server", "CN=server");
        _server = NatsServer.StartIn(_folder.FullName, "-c", RepositoryRoot.Path("deploy", "cluster", "clients.conf"));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _server.Dispose();
        _authority.Dispose();
        _stranger.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Host_WithTheCertificate_StoresAndReadsFilesAndIsSeen()
    {
        ClusterOptions options = Options("host", "CN=medgen-host");
        await using ClusterServers servers = new(Microsoft.Extensions.Options.Options.Create(options), TimeProvider.System, NullLoggerFactory.Instance);
        await servers.ConnectAsync(Token);
        ObjectContents contents = new(servers);
        string file = Path.Combine(_folder.FullName, "content");
        await File.WriteAllBytesAsync(file, RandomNumberGenerator.GetBytes(300_000), Token);

        await contents.PutAsync("one", file, Token);
        (await contents.TryGetAsync("one", file + ".copy", Token)).ShouldBeTrue();
        (await File.ReadAllBytesAsync(file + ".copy", Token)).ShouldBe(await File.ReadAllBytesAsync(file, Token));
        await contents.DeleteAsync("one", Token);
        (await contents.TryGetAsync("one", file + ".none", Token)).ShouldBeFalse();

        using ClusterPeers peers = new(
            servers, new HostIdentity("id"), Microsoft.Extensions.Options.Options.Create(options), TimeProvider.System, NullLogger<ClusterPeers>.Instance);
        await peers.StartAsync(Token);
        IReadOnlyList<PeerHost> seen = await ClusterView.ReadAsync(Options("operator", "CN=medgen-operator"), TimeSpan.FromSeconds(3), Token);
        seen.ShouldHaveSingleItem().Id.ShouldBe("id");
        peers.BeginsJobs.ShouldBeTrue();
        await ClusterView.DrainAsync(Options("operator", "CN=medgen-operator"), "id", _ => { }, Token);
        peers.BeginsJobs.ShouldBeFalse();
        await peers.StopAsync(Token);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("of another authority")]
    [InlineData("of somebody unknown")]
    [InlineData("clear text")]
    public async Task Host_WithoutTheRightCertificate_GetsNothing(string certificate)
    {
        ClusterOptions options = certificate switch
        {
            "none" => Options("host", "CN=medgen-host") with { CertificateFile = null, KeyFile = null },
            "of another authority" => Options("host", "CN=medgen-host", _stranger),
            "of somebody unknown" => Options("host", "CN=somebody"),
            _ => new ClusterOptions { Servers = _server.Url },
        };

        (await Should.ThrowAsync<FailedPreconditionException>(() => ClusterView.ReadAsync(options, TimeSpan.FromSeconds(1), Token)))
            .Reason.ShouldBe("CLUSTER_UNREACHABLE");
    }

    [Fact]
    public async Task Operator_WantsFiles_GetsNone()
    {
        await using ClusterServers servers =
            new(Microsoft.Extensions.Options.Options.Create(Options("operator", "CN=medgen-operator")), TimeProvider.System, NullLoggerFactory.Instance);
        await servers.ConnectAsync(Token);

        (await Should.ThrowAsync<ResourceExhaustedException>(
            () => new ObjectContents(servers).DeleteAsync("one", Token))).Reason.ShouldBe("CLUSTER_UNAVAILABLE");
    }

    [Fact]
    public async Task Host_WantsToDeleteABucketOrDrainOthers_IsNotHeard()
    {
        await using NatsConnection host = new(ClusterServers.Describe(Options("host", "CN=medgen-host"), NullLoggerFactory.Instance));

        await Should.ThrowAsync<NatsException>(async () =>
            await host.RequestAsync<byte[], byte[]>(
                "$JS.API.STREAM.DELETE.OBJ_medgen-contents", [], replyOpts: new NatsSubOpts { Timeout = TimeSpan.FromSeconds(1) }, cancellationToken: Token));
    }

    private ClusterOptions Options(string file, string subject, X509Certificate2? by = null)
    {
        Issue(by ?? _authority, file, subject);
        return new ClusterOptions
        {
            Servers = _server.Url.Replace("nats:", "tls:", StringComparison.Ordinal),
            CertificateFile = Path.Combine(_folder.FullName, file + ".pem"),
            KeyFile = Path.Combine(_folder.FullName, file + "-key.pem"),
            AuthorityFile = Path.Combine(_folder.FullName, "authority.pem"),
            Lease = TimeSpan.FromSeconds(2),
        };
    }

    private static X509Certificate2 Authority(string subject)
    {
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private void Issue(X509Certificate2 by, string file, string subject)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(subject, key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        using X509Certificate2 certificate = request.Create(
            by, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(20), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(Path.Combine(_folder.FullName, file + ".pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder.FullName, file + "-key.pem"), key.ExportPkcs8PrivateKeyPem());
    }
}
