using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Grpc.Core;
using MedGen.Sdk.Errors;
using MedGen.Client;
using Microsoft.Extensions.Options;

namespace MedGen.Host.Tests;

public sealed class TlsTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task Calls_OverTlsWithTokens_AreJudgedByRole()
    {
        string tokens = _authority.Write("tokens.json", JsonSerializer.Serialize(new[] { Tokens.Entry("rita", "reader"), Tokens.Entry("anna", "administrator") }));
        await using RunningHost host = await StartAsync(options => options with { TokenFile = tokens });
        using MedGenClient reader = host.ClientWith(Tokens.Of("rita"));
        using MedGenClient administrator = host.ClientWith(Tokens.Of("anna"));

        host.Endpoints.Grpc.Scheme.ShouldBe("https");
        (await reader.Models.GetAsync(RunningHost.Token)).Name.ShouldBe("mini");
        (await CodeOf(() => reader.Plugins.ReloadAsync("fake", RunningHost.Token))).ShouldBe(StatusCode.PermissionDenied);
        (await administrator.Plugins.ReloadAsync("fake", RunningHost.Token)).PluginId.ShouldBe("fake");
        (await CodeOf(() => host.Client.Models.GetAsync(RunningHost.Token))).ShouldBe(StatusCode.Unauthenticated);
    }

    [Fact]
    public async Task Http_OverTls_SendsTheChainAndSpeaksBothVersions()
    {
        await using RunningHost host = await StartAsync();
        foreach (Version version in new[] { new Version(1, 1), new Version(2, 0) })
        {
            using SocketsHttpHandler handler = new() { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = TrustRoot() } };
            using HttpClient http = new(handler) { BaseAddress = host.Endpoints.Http, DefaultRequestVersion = version };

            (await http.GetStringAsync("/readyz", RunningHost.Token)).ShouldBe("Healthy");
        }
    }

    [Fact]
    public async Task Client_WithoutTlsOrWithoutTrust_IsRefused()
    {
        await using RunningHost host = await StartAsync();
        using MedGenClient plain = new(new MedGenClientOptions { Address = new UriBuilder(host.Endpoints.Grpc) { Scheme = "http" }.Uri });
        using MedGenClient stranger = new(new MedGenClientOptions { Address = host.Endpoints.Grpc });

        (await CodeOf(() => plain.Models.GetAsync(RunningHost.Token))).ShouldBe(StatusCode.Unavailable);
        (await CodeOf(() => stranger.Models.GetAsync(RunningHost.Token))).ShouldBe(StatusCode.Unavailable);
    }

    [Fact]
    public void Client_WithAFileThatHoldsNoAuthority_SaysSo()
    {
        string file = _authority.Write("empty.pem", "nothing");

        Should.Throw<ArgumentException>(() => new MedGenClient(new() { Address = new Uri("https://127.0.0.1:1"), AuthorityFile = file }))
            .Message.ShouldContain("holds no certificate");
    }

    [Theory]
    [InlineData(-10, -1)]
    [InlineData(1, 10)]
    public void Build_WithACertificateThatIsNotValidNow_SaysFromWhenToWhen(int fromDays, int toDays)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        (string certificate, string key) = _authority.Issue("old", now.AddDays(fromDays), now.AddDays(toDays));

        string message = Refusal(certificate, key);

        message.ShouldStartWith("CertificateFile: ");
        message.ShouldContain(now.AddDays(fromDays).ToString("u")[..10]);
        message.ShouldContain(now.AddDays(toDays).ToString("u")[..10]);
    }

    [Fact]
    public void Build_WithFilesThatAreNoPair_NamesTheOption()
    {
        (string certificate, string key) = _authority.Issue("one");
        (_, string otherKey) = _authority.Issue("two");

        Refusal(certificate, otherKey).ShouldStartWith("KeyFile: ");
        Refusal(_authority.Write("text.pem", "not a certificate"), key).ShouldStartWith("CertificateFile: ");
        Refusal(certificate, _authority.Write("text.key", "not a key")).ShouldStartWith("KeyFile: ");
        Refusal(key, key).ShouldStartWith("CertificateFile: ");
    }

    [Fact]
    public void Build_WithAFileThatIsMissingOrAFolder_NamesTheOption()
    {
        (string certificate, string key) = _authority.Issue("one");

        Failures(certificate + ".gone", key).ShouldHaveSingleItem().ShouldStartWith("listen.certificate_file: ");
        Failures(certificate, Path.GetDirectoryName(key)!).ShouldHaveSingleItem().ShouldStartWith("listen.key_file: ");
        Failures(certificate, null).ShouldHaveSingleItem().ShouldContain("key_file");
    }

    private static IEnumerable<string> Failures(string certificate, string? key) =>
        Should.Throw<OptionsValidationException>(() => MedGenHost.Build(Options(certificate, key))).Failures;

    private static string Refusal(string certificate, string key)
    {
        FailedPreconditionException error = Should.Throw<FailedPreconditionException>(() => MedGenHost.Build(Options(certificate, key)));
        error.Reason.ShouldBe("CERTIFICATE");
        return error.Message;
    }

    private static MedGenHostOptions Options(string certificate, string? key) =>
        new() { DataFolder = "unused", PluginFolders = [], CertificateFile = certificate, KeyFile = key };

    private static async Task<StatusCode> CodeOf(Func<Task> call) => (await Should.ThrowAsync<MedGenRpcException>(call)).StatusCode;

    private X509ChainPolicy TrustRoot()
    {
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(_authority.RootFile);
        return policy;
    }

    private Task<RunningHost> StartAsync(Func<MedGenHostOptions, MedGenHostOptions>? change = null)
    {
        (string certificate, string key) = _authority.Issue("host");
        return RunningHost.StartAsync(
            options => (change?.Invoke(options) ?? options) with { CertificateFile = certificate, KeyFile = key }, _authority.RootFile);
    }
}
