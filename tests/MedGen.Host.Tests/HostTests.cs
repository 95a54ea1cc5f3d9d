using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Grpc.Core;
using Grpc.Net.Client;
using MedGen.Sdk.Errors;
using MedGen.Client;
using MedGen.Host.Tests.Access;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
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
        ConcurrentQueue<(LogLevel Level, string Text)> log = [];
        MedGenHost second = MedGenHost.Build(
            new() { DataFolder = Path.Combine(host.Folder, "second"), PluginFolders = [], GrpcPort = host.Endpoints.Grpc.Port, HttpPort = 0 },
            builder =>
            {
                builder.Services.AddSingleton<Application.Plugins.IPluginCatalog>(new Application.Tests.FakeCatalog());
                builder.Logging.AddProvider(new RunningHost.LineLoggerProvider(log));
            });

        FailedPreconditionException error = await Should.ThrowAsync<FailedPreconditionException>(() => second.StartAsync(RunningHost.Token));
        await second.DisposeAsync();

        error.Reason.ShouldBe("PORT_IN_USE");
        log.ShouldNotContain(line => line.Text.Contains("BackgroundService", StringComparison.Ordinal)); // what had begun ended in order
        error.Message.ShouldContain(host.Endpoints.Grpc.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Build_BeyondLoopbackWithoutIdentityOrTls_RefusesAndSaysWhy()
    {
        MedGenHostOptions options = new() { DataFolder = "unused", PluginFolders = [], Address = IPAddress.Any };

        OptionsValidationException error = Should.Throw<OptionsValidationException>(() => MedGenHost.Build(options));

        error.Failures.Count().ShouldBe(2);
        error.Message.ShouldContain("access.token_file");
        error.Message.ShouldContain("listen.certificate_file");
    }

    [Theory]
    [InlineData("/srv/adapters", "radiology=/srv/adapters/radiology")]
    [InlineData("cardiology=/srv/a", "radiology=/srv/a")]
    [InlineData("cardiology=/srv/a", "radiology=/srv/a/../a/inner/")]
    public void Build_WithATenantsFolderInAnothers_Refuses(string outer, string inner)
    {
        MedGenHostOptions options = new() { DataFolder = "unused", PluginFolders = [], AdapterFolders = [outer, inner] };

        Should.Throw<OptionsValidationException>(() => MedGenHost.Build(options)).Message.ShouldContain("runtime.adapter_folders: '/srv/a");
        Should.Throw<OptionsValidationException>(() => MedGenHost.Build(options with { AdapterFolders = [], DatasetFolders = [outer, inner] }))
            .Message.ShouldContain("jobs.dataset_folders");
    }

    [Fact]
    public void Build_WithATenantsFolderInAnothersByALinkAbove_Refuses()
    {
        DirectoryInfo root = Directory.CreateTempSubdirectory("medgen-links-");
        try
        {
            string real = root.CreateSubdirectory("real").CreateSubdirectory("radiology").Parent!.FullName;
            string link = Directory.CreateSymbolicLink(Path.Combine(root.FullName, "link"), real).FullName;
            string circle = Directory.CreateSymbolicLink(Path.Combine(root.FullName, "circle"), "circle").FullName;
            MedGenHostOptions options = new() { DataFolder = "unused", PluginFolders = [] };

            Should.Throw<OptionsValidationException>(
                () => MedGenHost.Build(options with { AdapterFolders = [$"cardiology={real}", $"radiology={link}/radiology"] })).Message.ShouldContain("lies in");
            Should.Throw<OptionsValidationException>(
                () => MedGenHost.Build(options with { AdapterFolders = [$"cardiology={circle}/a"] })).Message.ShouldContain("40 links");
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3651)]
    public void Build_WithAJobRetentionOutOfRange_SaysWhatIsAllowed(int days)
    {
        MedGenHostOptions options = new() { DataFolder = "unused", PluginFolders = [], JobRetention = TimeSpan.FromDays(days) };

        Should.Throw<OptionsValidationException>(() => MedGenHost.Build(options)).Failures.ShouldHaveSingleItem()
            .ShouldBe($"jobs.job_retention: got {days}.00:00:00; allowed: 00:00:00 to 3650.00:00:00.");
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
        using AccessFolder files = new();
        string file = files.Keys(Tokens.Entry("rita", "reader"), Tokens.Entry("olaf", "operator"), Tokens.Entry("anna", "administrator"));
        await using RunningHost host = await RunningHost.StartAsync(options => options with { TokenFile = file });
        using MedGenClient reader = host.ClientWith(Tokens.Of("rita"));
        using MedGenClient administrator = host.ClientWith(Tokens.Of("anna"));
        using MedGenClient stranger = host.ClientWith(Tokens.Of("nobody"));

        (await CodeOf(() => host.Client.Models.GetAsync(cancellationToken: RunningHost.Token))).ShouldBe(StatusCode.Unauthenticated);
        (await CodeOf(() => stranger.Models.GetAsync(cancellationToken: RunningHost.Token))).ShouldBe(StatusCode.Unauthenticated);
        (await reader.Models.GetAsync(cancellationToken: RunningHost.Token)).Name.ShouldBe("mini");
        (await CodeOf(() => reader.Plugins.ReloadAsync("fake", RunningHost.Token))).ShouldBe(StatusCode.PermissionDenied);
        (await administrator.Plugins.ReloadAsync("fake", RunningHost.Token)).PluginId.ShouldBe("fake");
        using HttpResponseMessage refused = await host.Http.GetAsync("/v1/artifacts/x/content", RunningHost.Token);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        static async Task<StatusCode> CodeOf(Func<Task> call) => (await Should.ThrowAsync<MedGenRpcException>(call)).StatusCode;
    }

    [Fact]
    public async Task Calls_OfStrangersWithLargeRequests_AreRefusedBeforeTheyAreReadWhole()
    {
        using AccessFolder files = new();
        string file = files.Keys(Tokens.Entry("olaf", "operator"));
        await using RunningHost host = await RunningHost.StartAsync(options => options with { TokenFile = file });
        Proto.GenerateVideoRequest large = new() { Prompt = new string('x', 3_000_000) };
        using MedGenClient known = host.ClientWith(Tokens.Of("olaf"));

        // Who is known is read and told what is wrong with it.
        (await Should.ThrowAsync<MedGenRpcException>(() => known.Generation.GenerateAsync(large, RunningHost.Token).ToListAsync(RunningHost.Token).AsTask()))
            .Violations.ShouldContain(violation => violation.Field == "prompt");
        MedGenRpcException refused = await Should.ThrowAsync<MedGenRpcException>(
            () => host.Client.Generation.GenerateAsync(large, RunningHost.Token).ToListAsync(RunningHost.Token).AsTask());
        (refused.StatusCode, refused.Reason).ShouldBe((StatusCode.Unauthenticated, "UNAUTHENTICATED"));
        using HttpResponseMessage json = await host.Http.PostAsync(
            "/v1/videos:generate", new StringContent($"{{\"prompt\":\"{large.Prompt}\"}}", Encoding.UTF8, "application/json"), RunningHost.Token);
        json.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await json.Content.ReadAsStringAsync(RunningHost.Token)).ShouldContain("UNAUTHENTICATED");
        using HttpResponseMessage upload = await host.Http.PutAsync("/v1/artifacts?name=a.mp4", new ByteArrayContent(new byte[3_000_000]), RunningHost.Token);
        upload.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Log_OfEveryKindOfRequest_HoldsNothingThatCallersWrote()
    {
        const string Secret = "Doe^John^4711";
        string escaped = Uri.EscapeDataString(Secret);
        await using RunningHost host = await RunningHost.StartAsync();
        using StringContent content = new("x");
        foreach (Func<Task<HttpResponseMessage>> call in new Func<Task<HttpResponseMessage>>[]
        {
            () => host.Http.PutAsync($"/v1/artifacts?name={escaped}.mp4&sha256={escaped}", content, RunningHost.Token),
            () => host.Http.PutAsync($"/v1/artifacts?name={escaped}.mp4", new StringContent("y", Encoding.UTF8, "video/mp4"), RunningHost.Token),
            () => host.Http.GetAsync($"/v1/jobs?owner={escaped}&page_token={escaped}", RunningHost.Token),
            () => host.Http.GetAsync($"/v1/jobs?page_size={escaped}", RunningHost.Token),
            () => host.Http.GetAsync($"/v1/jobs/{escaped}", RunningHost.Token),
            () => host.Http.GetAsync($"/{escaped}", RunningHost.Token),
            () => PostAsync($"{{\"prompt\": \"{Secret}\", \"width\": \"{Secret}\"}}"),
            () => PostAsync($"{{\"{Secret}\": 1}}"),
            () => PostAsync($"{{\"prompt\": \"{Secret}"),
        })
        {
            using HttpResponseMessage response = await call();
        }

        await Should.ThrowAsync<MedGenRpcException>(() => host.Client.Jobs.GetAsync(Secret, RunningHost.Token));
        string text = Path.Combine(host.Folder, Secret + ".mp4");
        await File.WriteAllTextAsync(text, "not a film", RunningHost.Token);
        Proto.Artifact artifact = await host.Client.Artifacts.UploadAsync(text, cancellationToken: RunningHost.Token);
        (await Should.ThrowAsync<MedGenRpcException>(() => host.Client.Analysis.AnalyzeAsync(new() { Inputs = { new Proto.AnalysisInput { ArtifactId = artifact.ArtifactId } }, Task = "brightness" }, RunningHost.Token).ToListAsync(RunningHost.Token).AsTask())).Message.ShouldContain(Secret);
        host.Lines.ShouldNotBeEmpty();
        host.Lines.Where(line => line.Text.Contains("4711", StringComparison.Ordinal)).ShouldBeEmpty();

        Task<HttpResponseMessage> PostAsync(string json) =>
            host.Http.PostAsync("/v1/videos:generate", new StringContent(json, Encoding.UTF8, "application/json"), RunningHost.Token);
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
}
