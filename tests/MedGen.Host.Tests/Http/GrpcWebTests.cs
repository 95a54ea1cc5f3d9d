using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;
using MedGen.Client;
using MedGen.Host.Tests.Access;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Tests.Http;

/// <summary>gRPC-Web over HTTP/1.1, as browsers speak it.</summary>
public class GrpcWebTests
{
    private const string Page = "https://viewer.clinic.example";
    private const string GetModel = "/medgen.v1.Models/GetModel";

    [Theory]
    [InlineData(GrpcWebMode.GrpcWeb)]
    [InlineData(GrpcWebMode.GrpcWebText)]
    public async Task Calls_OfBothForms_AnswerStreamAndNameWhatIsWrong(GrpcWebMode mode)
    {
        await using RunningHost host = await StartAsync();
        using GrpcChannel channel = ChannelOf(host, mode);
        Proto.Generation.GenerationClient generation = new(channel);

        List<Proto.JobEvent> events = await generation.GenerateVideo(RunningHost.Small(), cancellationToken: RunningHost.Token).ResponseStream.ReadAllAsync(RunningHost.Token).ToListAsync(RunningHost.Token);
        Proto.Job job = await new Proto.Jobs.JobsClient(channel).GetJobAsync(new() { JobId = events[0].Accepted.JobId }, cancellationToken: RunningHost.Token);
        RpcException refusal = await Should.ThrowAsync<RpcException>(async () =>
            await generation.GenerateVideo(new() { Prompt = "" }, cancellationToken: RunningHost.Token).ResponseStream.MoveNext(RunningHost.Token));

        job.State.ShouldBe(Proto.JobState.Succeeded);
        events[^1].State.State.ShouldBe(Proto.JobState.Succeeded);
        refusal.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        refusal.GetRpcStatus()!.GetDetail<Google.Rpc.BadRequest>()!.FieldViolations.ShouldContain(one => one.Field == "prompt");
    }

    [Fact]
    public async Task Calls_WithoutCredentialsOrMalformed_AreRefusedAsOverGrpc()
    {
        using AccessFolder files = new();
        string keys = files.Keys(Tokens.Key("anna", ["viewer"]));
        await using RunningHost host = await StartAsync(options => options with { TokenFile = keys });
        using GrpcChannel channel = ChannelOf(host, GrpcWebMode.GrpcWeb);
        Metadata anna = new() { { "authorization", $"Bearer {Tokens.Of("anna")}" } };

        (await Should.ThrowAsync<RpcException>(async () => await new Proto.Models.ModelsClient(channel).GetModelAsync(new(), cancellationToken: RunningHost.Token)))
            .StatusCode.ShouldBe(StatusCode.Unauthenticated);
        (await new Proto.Models.ModelsClient(channel).GetModelAsync(new(), anna, cancellationToken: RunningHost.Token)).Name.ShouldNotBeEmpty();
        (await Should.ThrowAsync<RpcException>(async () => await new Proto.Jobs.JobsClient(channel).CancelJobAsync(new() { JobId = "x" }, anna, cancellationToken: RunningHost.Token)))
            .StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task Pages_OfANamedOrigin_MayCallAndReadTheStatus()
    {
        await using RunningHost host = await StartAsync();

        using HttpResponseMessage asked = await SendAsync(host, HttpMethod.Options, GetModel, Page);
        using HttpResponseMessage called = await SendAsync(host, HttpMethod.Post, GetModel, Page);

        asked.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        asked.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe([Page]);
        asked.Headers.GetValues("Access-Control-Allow-Headers").Single().ShouldContain("authorization");
        asked.Headers.Contains("Access-Control-Allow-Credentials").ShouldBeFalse();
        called.StatusCode.ShouldBe(HttpStatusCode.OK);
        called.Content.Headers.ContentType!.MediaType.ShouldBe("application/grpc-web");
        called.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe([Page]);
        called.Headers.GetValues("Access-Control-Expose-Headers").Single().ShouldContain("grpc-status");
    }

    [Fact]
    public async Task Pages_OfOtherOriginsOrWithOtherCalls_AreRefused()
    {
        await using RunningHost host = await StartAsync();

        foreach ((HttpMethod method, string path, string origin) in new[]
        {
            (HttpMethod.Options, GetModel, "https://evil.example"), (HttpMethod.Post, GetModel, "https://evil.example"), (HttpMethod.Post, GetModel, "null"),
            (HttpMethod.Get, "/v1/jobs", Page), (HttpMethod.Get, "/v1/artifacts/x/content", Page),
        })
        {
            using HttpResponseMessage response = await SendAsync(host, method, path, origin);
            response.StatusCode.ShouldBe(HttpStatusCode.Forbidden, $"{method} {path} {origin}");
            response.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Calls_OfAHostThatWasNotAskedForThem_AreRefused()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        using GrpcChannel channel = ChannelOf(host, GrpcWebMode.GrpcWeb);

        await Should.ThrowAsync<RpcException>(async () => await new Proto.Models.ModelsClient(channel).GetModelAsync(new(), cancellationToken: RunningHost.Token));
        using HttpResponseMessage called = await SendAsync(host, HttpMethod.Post, GetModel, Page);
        called.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData(true, "https://viewer.clinic.example/")]
    [InlineData(true, "viewer.clinic.example")]
    [InlineData(true, "*")]
    [InlineData(true, "https://viewer.clinic.example:443")]
    [InlineData(false, Page)]
    public void Origins_ThatAreNoneOrCountForNothing_AreRefused(bool isOn, string origin)
    {
        MedGenHostOptions options = new() { DataFolder = "d", PluginFolders = [], Calls = new MedGenCalls { GrpcWeb = isOn, GrpcWebOrigins = [origin] } };

        MedGenHostOptionsValidator.Find(options).Found.ShouldContain(one => one.Field.StartsWith("calls.grpc_web_origins"));
    }

    private static Task<RunningHost> StartAsync(Func<MedGenHostOptions, MedGenHostOptions>? change = null) => RunningHost.StartAsync(
        options => (change ?? (same => same))(options with { Calls = new MedGenCalls { GrpcWeb = true, GrpcWebOrigins = [Page] } }));

    private static GrpcChannel ChannelOf(RunningHost host, GrpcWebMode mode) => GrpcChannel.ForAddress(
        host.Endpoints.Http, new GrpcChannelOptions { HttpHandler = new GrpcWebHandler(mode, new HttpClientHandler()), HttpVersion = HttpVersion.Version11 });

    private static async Task<HttpResponseMessage> SendAsync(RunningHost host, HttpMethod method, string path, string origin)
    {
        using HttpRequestMessage request = new(method, path);
        request.Headers.TryAddWithoutValidation("Origin", origin);
        if (method == HttpMethod.Options)
        {
            request.Headers.Add("Access-Control-Request-Method", "POST");
            request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,x-grpc-web");
        }
        else if (method == HttpMethod.Post)
        {
            request.Content = new ByteArrayContent(new byte[5]);
            request.Content.Headers.ContentType = new("application/grpc-web");
        }

        return await host.Http.SendAsync(request, RunningHost.Token);
    }
}
