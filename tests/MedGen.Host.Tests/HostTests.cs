using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;
using MedGen.Abstractions.Errors;
using MedGen.Client;
using Microsoft.Extensions.Options;
using HealthCheckResponse = Grpc.Health.V1.HealthCheckResponse;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Tests;

public class HostTests
{
    [Fact]
    public async Task Health_OfARunningHost_IsServingOverBothPorts()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        using GrpcChannel channel = GrpcChannel.ForAddress(host.Endpoints.Grpc);

        HealthCheckResponse health = await new Grpc.Health.V1.Health.HealthClient(channel).CheckAsync(new(), cancellationToken: RunningHost.Token);

        health.Status.ShouldBe(HealthCheckResponse.Types.ServingStatus.Serving);
        (await host.Http.GetStringAsync("/readyz", RunningHost.Token)).ShouldBe("Healthy");
        (await host.Http.GetStringAsync("/healthz", RunningHost.Token)).ShouldBe("alive");
    }

    [Fact]
    public async Task Start_WhenThePortIsTaken_NamesThePort()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        await using MedGenHost second = MedGenHost.Build(
            new() { DataFolder = Path.Combine(host.Folder, "second"), PluginFolders = [], GrpcPort = host.Endpoints.Grpc.Port, HttpPort = 0 },
            builder => Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<Application.Plugins.IPluginCatalog>(
                builder.Services, new Application.Tests.FakeCatalog()));

        FailedPreconditionException error = await Should.ThrowAsync<FailedPreconditionException>(() => second.StartAsync(RunningHost.Token));

        error.Reason.ShouldBe("PORT_IN_USE");
        error.Message.ShouldContain(host.Endpoints.Grpc.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Build_BeyondLoopbackWithoutIdentityOrTls_RefusesAndSaysWhy()
    {
        MedGenHostOptions options = new() { DataFolder = "unused", PluginFolders = [], Address = IPAddress.Any };

        OptionsValidationException error = Should.Throw<OptionsValidationException>(() => MedGenHost.Build(options));

        error.Failures.Count().ShouldBe(2);
        error.Message.ShouldContain("TokenFile");
        error.Message.ShouldContain("CertificateFile");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""[{"name": "a", "sha256": "00", "role": "reader"}]""")]
    [InlineData("""[{"name": "a", "sha256": "0000000000000000000000000000000000000000000000000000000000000000", "role": "king"}]""")]
    public void Build_WithABrokenTokensFile_Refuses(string content)
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, content);
        try
        {
            Should.Throw<FailedPreconditionException>(() => MedGenHost.Build(new() { DataFolder = "unused", PluginFolders = [], TokenFile = file }))
                .Reason.ShouldBe("TOKEN_FILE");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Calls_WithTokens_AreJudgedByRole()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new[] { Entry("rita", "reader"), Entry("olaf", "operator"), Entry("anna", "administrator") }), RunningHost.Token);
        await using RunningHost host = await RunningHost.StartAsync(options => options with { TokenFile = file });
        File.Delete(file);
        using MedGenClient reader = host.ClientWith("token-of-rita");
        using MedGenClient administrator = host.ClientWith("token-of-anna");
        using MedGenClient stranger = host.ClientWith("token-of-nobody");

        (await CodeOf(() => host.Client.Models.GetAsync(cancellationToken: RunningHost.Token))).ShouldBe(StatusCode.Unauthenticated);
        (await CodeOf(() => stranger.Models.GetAsync(cancellationToken: RunningHost.Token))).ShouldBe(StatusCode.Unauthenticated);
        (await reader.Models.GetAsync(cancellationToken: RunningHost.Token)).Name.ShouldBe("mini");
        (await CodeOf(() => reader.Plugins.ReloadAsync("fake", RunningHost.Token))).ShouldBe(StatusCode.PermissionDenied);
        (await administrator.Plugins.ReloadAsync("fake", RunningHost.Token)).PluginId.ShouldBe("fake");
        using HttpResponseMessage refused = await host.Http.GetAsync("/v1/artifacts/x/content", RunningHost.Token);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        static async Task<StatusCode> CodeOf(Func<Task> call) => (await Should.ThrowAsync<MedGenRpcException>(call)).StatusCode;
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Host", "evil.example")]
    public async Task Http_FromAPageOfAnotherSite_IsRefused(string header, string value)
    {
        await using RunningHost host = await RunningHost.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Get, "/v1/plugins");
        request.Headers.Add(header, value);

        using HttpResponseMessage response = await host.Http.SendAsync(request, RunningHost.Token);

        response.IsSuccessStatusCode.ShouldBeFalse();
    }

    [Fact]
    public async Task UnknownIds_OverEveryService_AreNotFound()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        string nobody = new('0', 32);

        foreach (Func<Task> call in new Func<Task>[]
        {
            () => host.Client.Jobs.GetAsync(nobody, RunningHost.Token),
            () => host.Client.Jobs.CancelAsync(nobody, RunningHost.Token),
            async () => await host.Client.Jobs.WatchAsync(nobody, cancellationToken: RunningHost.Token).GetAsyncEnumerator(RunningHost.Token).MoveNextAsync(),
            () => host.Client.Artifacts.GetAsync(nobody, RunningHost.Token),
            () => host.Client.Artifacts.DeleteAsync(nobody, RunningHost.Token),
            () => host.Client.Plugins.GetAsync("nobody", RunningHost.Token),
        })
        {
            (await Should.ThrowAsync<MedGenRpcException>(call)).StatusCode.ShouldBe(StatusCode.NotFound);
        }
    }

    private static object Entry(string name, string role) =>
        new { name, role, sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"token-of-{name}"))) };
}
