using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Inference;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.AspNetCore.Routing;
using MedGen.Application.Access;
using MedGen.Application.Tests;
using MedGen.Client;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Plugins;
using static Inference.ModelInferRequest.Types;
using static Inference.ModelInferResponse.Types;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Tests.KServe;

/// <summary>KServe's calls over gRPC, with a client that protoc makes of the protocol.</summary>
public class InferenceTests
{
    private const string Task = "brightness";

    private static readonly (string Request, string Field)[] Wrong =
    [
        ("""{"modelName":"brightness"}""", "inputs"),
        ("""{"modelName":"brightness","inputs":[{"name":"film","datatype":"UINT8","shape":[1,1,3],"contents":{"uintContents":[1,2,3]}}]}""", "inputs[0].name"),
        ("""{"modelName":"brightness","inputs":[{"name":"clip","datatype":"FP32","shape":[1,1,3],"contents":{"fp32Contents":[1,2,3]}}]}""", "inputs[0].datatype"),
        ("""{"modelName":"brightness","inputs":[{"name":"clip","datatype":"UINT8","shape":[1,1,4],"contents":{"uintContents":[1,2,3,4]}}]}""", "inputs[0].shape"),
        ("""{"modelName":"brightness","inputs":[{"name":"clip","datatype":"UINT8","shape":[2,1,3],"contents":{"uintContents":[1,2,3]}}]}""", "inputs[0]"),
        ("""{"modelName":"brightness","inputs":[{"name":"clip","datatype":"UINT8","shape":[1,1,3],"contents":{"uintContents":[1,2,256]}}]}""", "inputs[0]"),
        ("""{"modelName":"brightness","inputs":[{"name":"clip","datatype":"UINT8","shape":[1,1,3],"contents":{"uintContents":[1,2,3],"intContents":[1]}}]}""", "inputs[0]"),
        ("""{"modelName":"brightness","inputs":[{"name":"clip","datatype":"UINT8","shape":[2,1,1,3],"contents":{"uintContents":[1,2,3,4,5,6]}}]}""", "inputs[0].parameters.frames_per_second"),
        ("""{"modelName":"brightness","inputs":[{"name":"clip","datatype":"UINT8","shape":[1,1,3],"parameters":{"frames_per_second":{"doubleParam":0}},"contents":{"uintContents":[1,2,3]}}]}""", "inputs[0].parameters.frames_per_second"),
        ("""{"modelName":"brightness","inputs":[{"name":"clip","datatype":"UINT8","shape":[1,1,3],"parameters":{"rate":{"doubleParam":5}},"contents":{"uintContents":[1,2,3]}}]}""", "inputs[0].parameters"),
        ("""{"modelName":"brightness","inputs":[{"name":"clip","datatype":"BYTES","shape":[2],"contents":{"bytesContents":["AAAA"]}}]}""", "inputs[0].shape"),
        ("""{"modelName":"brightness","inputs":[{"name":"clip","datatype":"BYTES","shape":[1],"contents":{"bytesContents":["AAAA","AAAA"]}}]}""", "inputs[0]"),
        ("""{"modelName":"brightness","inputs":[{"name":"clip","datatype":"BYTES","shape":[1],"parameters":{"content_type":{"stringParam":"url"}},"contents":{"bytesContents":["AAAA"]}}]}""", "inputs[0].parameters.content_type"),
        ("""{"modelName":"brightness","inputs":[{"name":"clip","datatype":"BYTES","shape":[1]}],"rawInputContents":["AQAAAAE=","AQAAAAE="]}""", "raw_input_contents"),
        ("""{"modelName":"brightness","inputs":[{"name":"clip","datatype":"BYTES","shape":[1]}],"rawInputContents":["AgAAAAE="]}""", "inputs[0]"),
        ("""{"modelName":"brightness","inputs":[{"name":"clip","datatype":"BYTES","shape":[1],"contents":{"bytesContents":["AAAA"]}}],"rawInputContents":["AQAAAAE="]}""", "inputs[0].contents"),
        ("""{"modelName":"brightness","inputs":[{"name":"clip","datatype":"UINT8","shape":[1,1,3],"contents":{"uintContents":[1,2,3]}}],"outputs":[{"name":"mask"}]}""", "outputs[0].name"),
        ("""{"modelName":"brightness","inputs":[{"name":"clip","datatype":"UINT8","shape":[1,1,3],"contents":{"uintContents":[1,2,3]}}],"outputs":[{"name":"findings","parameters":{"classification":{"int64Param":3}}}]}""", "outputs[0].parameters"),
        ("""{"modelName":"brightness","parameters":{"size":{"int64Param":3}},"inputs":[{"name":"clip","datatype":"UINT8","shape":[1,1,3],"contents":{"uintContents":[1,2,3]}}]}""", "parameters.size"),
        ("""{"modelName":"brightness","parameters":{"threshold":{"doubleParam":"NaN"}},"inputs":[{"name":"clip","datatype":"UINT8","shape":[1,1,3],"contents":{"uintContents":[1,2,3]}}]}""", "parameters"),
    ];

    [Fact]
    public async Task Metadata_OfServerAndModel_TellsWhatThereIs()
    {
        await using InferenceHost host = await InferenceHost.StartAsync();

        ServerMetadataResponse server = await host.Calls.ServerMetadataAsync(new(), cancellationToken: RunningHost.Token);
        ModelMetadataResponse model = await host.Calls.ModelMetadataAsync(new() { Name = Task }, cancellationToken: RunningHost.Token);
        bool live = (await host.Calls.ServerLiveAsync(new(), cancellationToken: RunningHost.Token)).Live;
        bool isReady = (await host.Calls.ModelReadyAsync(new() { Name = Task, Version = "1.2.3" }, cancellationToken: RunningHost.Token)).Ready;

        (server.Name, live, isReady).ShouldBe(("medgen", true, true));
        (model.Name, model.Versions.ToString()).ShouldBe((Task, """[ "1.2.3" ]"""));
        model.Inputs.Select(one => (one.Name, one.Datatype, string.Join(',', one.Shape))).ShouldBe([("clip", "UINT8", "-1,-1,-1,3")]);
        model.Outputs.Select(one => (one.Name, one.Datatype, string.Join(',', one.Shape))).ShouldBe(
        [
            (Task, "BYTES", "-1"), ("brightness.probabilities", "FP32", "-1"), ("brightness.names", "BYTES", "2"), ("area", "FP64", "-1"), ("findings", "BYTES", "1"),
        ]);
    }

    [Fact]
    public async Task Ready_OfAPluginThatIsNotActive_IsFalseAndItsModelDoesNotRun()
    {
        await using InferenceHost host = await InferenceHost.StartAsync();
        host.Running.Catalog.State = Application.Plugins.PluginState.Disabled;

        (await host.Calls.ModelReadyAsync(new() { Name = Task }, cancellationToken: RunningHost.Token)).Ready.ShouldBeFalse();
        (await RefusalAsync(host, Frames())).StatusCode.ShouldBe(StatusCode.FailedPrecondition);
    }

    [Theory]
    [InlineData("none", "")]
    [InlineData(Task, "9.9.9")]
    public async Task Infer_OfAModelThatIsNotThere_IsNotFound(string name, string version)
    {
        await using InferenceHost host = await InferenceHost.StartAsync();
        ModelInferRequest request = Frames();
        (request.ModelName, request.ModelVersion) = (name, version);

        (await RefusalAsync(host, request)).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Infer_OfFrames_GivesLabelsAndProbabilitiesAndStoresNothing(bool isRaw)
    {
        await using InferenceHost host = await InferenceHost.StartAsync();

        ModelInferResponse answer = await host.Calls.ModelInferAsync(Frames(isRaw), cancellationToken: RunningHost.Token);

        (answer.ModelName, answer.ModelVersion, answer.Id).ShouldBe((Task, "1.2.3", "mine"));
        Texts(answer, Task).ShouldBe(["bright"]);
        Texts(answer, "brightness.names").ShouldBe(["dark", "bright"]);
        float[] probabilities = [.. Output(answer, "brightness.probabilities").Contents.Fp32Contents];
        probabilities[1].ShouldBe(200 / 255f, 1e-6f);
        Output(answer, "area").Shape.ShouldBe([0]);
        Texts(answer, "findings").Single().ShouldContain("\"probability\": 0.784");
        (await JobsAsync(host)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Infer_OfAFile_GivesWhatItsJobFoundAndKeepsNoFile()
    {
        await using InferenceHost host = await InferenceHost.StartAsync();
        ModelInferRequest request = File(await System.IO.File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "lung_ultrasound.mp4"), RunningHost.Token));
        request.Outputs.Add(new InferRequestedOutputTensor { Name = Task });

        ModelInferResponse answer = await host.Calls.ModelInferAsync(request, cancellationToken: RunningHost.Token);

        answer.Outputs.ShouldHaveSingleItem();
        Texts(answer, Task).ShouldBe(["dark"]);
        (await JobsAsync(host)).ShouldHaveSingleItem().JobId.ShouldBe(answer.Parameters["job_id"].StringParam);
        (await host.Running.Client.Artifacts.ListAsync(new Proto.ListArtifactsRequest(), RunningHost.Token).ToListAsync(RunningHost.Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Infer_OfAStoredClip_LeavesItThere()
    {
        await using InferenceHost host = await InferenceHost.StartAsync();
        Proto.Artifact clip = await host.Running.Client.Artifacts.UploadAsync(Path.Combine(AppContext.BaseDirectory, "lung_ultrasound.mp4"), cancellationToken: RunningHost.Token);
        ModelInferRequest request = File(System.Text.Encoding.UTF8.GetBytes(clip.ArtifactId));
        request.Inputs[0].Parameters["content_type"] = new InferParameter { StringParam = "artifact_id" };

        Texts(await host.Calls.ModelInferAsync(request, cancellationToken: RunningHost.Token), Task).ShouldBe(["dark"]);

        (await host.Running.Client.Artifacts.GetAsync(clip.ArtifactId, RunningHost.Token)).ArtifactId.ShouldBe(clip.ArtifactId);
    }

    [Fact]
    public async Task Infer_WithParameters_GivesThemToTheAnalyzerAndItsMeasurementBack()
    {
        await using InferenceHost host = await InferenceHost.StartAsync();
        string? parameters = null;
        host.Analyzer.Says = (asked, _) => Measured(asked.Parameters.ToString());
        ModelInferRequest request = Frames();
        request.Parameters["threshold"] = new InferParameter { DoubleParam = 0.25 };

        ModelInferResponse answer = await host.Calls.ModelInferAsync(request, cancellationToken: RunningHost.Token);

        parameters.ShouldBe("""{"threshold":0.25}""");
        Output(answer, "area").Contents.Fp64Contents.ShouldBe([12.5]);

        async IAsyncEnumerable<AnalysisUpdate> Measured(string given)
        {
            parameters = given;
            await System.Threading.Tasks.Task.Yield();
            yield return new FinalFindings { Findings = [new MeasurementFinding { Output = "area", Scope = FindingScope.Clip, Value = 12.5 }] };
            yield return new AnalysisCompleted { FramesAnalyzed = 1 };
        }
    }

    [Fact]
    public async Task Infer_WhoseAnalysisFails_EndsWithItsError()
    {
        await using InferenceHost host = await InferenceHost.StartAsync();

        RpcException error = await RefusalAsync(host, File("not a film"u8.ToArray()));

        (error.StatusCode, error.Status.Detail).ShouldSatisfyAllConditions(
            () => error.StatusCode.ShouldBe(StatusCode.InvalidArgument), () => error.Status.Detail.ShouldContain("clip"));
        (await host.Running.Client.Artifacts.ListAsync(new Proto.ListArtifactsRequest(), RunningHost.Token).ToListAsync(RunningHost.Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Infer_WithAWrongField_IsRefusedByName()
    {
        await using InferenceHost host = await InferenceHost.StartAsync();

        foreach ((string request, string field) in Wrong)
        {
            RpcException error = await RefusalAsync(host, JsonParser.Default.Parse<ModelInferRequest>(request));
            (error.StatusCode, error.Status.Detail.Split(": ")[0]).ShouldBe((StatusCode.InvalidArgument, field), request);
        }

        (await JobsAsync(host)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Infer_OfAResearcher_TakesFilesAndNoFrames()
    {
        using Access.AccessFolder files = new();
        string keys = files.Keys(Tokens.Key("anna", ["researcher"]));
        await using InferenceHost host = await InferenceHost.StartAsync(options => options with { TokenFile = keys });
        Metadata anna = new() { { "authorization", $"Bearer {Tokens.Of("anna")}" } };
        byte[] clip = await System.IO.File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "lung_ultrasound.mp4"), RunningHost.Token);

        Texts(await host.Calls.ModelInferAsync(File(clip), anna, cancellationToken: RunningHost.Token), Task).ShouldBe(["dark"]);
        (await Should.ThrowAsync<RpcException>(async () => await host.Calls.ModelInferAsync(Frames(), anna, cancellationToken: RunningHost.Token)))
            .StatusCode.ShouldBe(StatusCode.PermissionDenied);
        (await RefusalAsync(host, Frames())).StatusCode.ShouldBe(StatusCode.Unauthenticated);
    }

    // The message behind it is judged by itself; this is the door, which refuses before a body is read.
    [Fact]
    public async Task Infer_AtTheDoor_NeedsTheRightToAnalyze()
    {
        await using InferenceHost host = await InferenceHost.StartAsync();

        string?[] operations =
        [
            .. host.Running.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                .Where(one => one.RoutePattern.RawText is { } path
                    && (path.EndsWith("/ModelInfer", StringComparison.Ordinal) || path.EndsWith("/infer", StringComparison.Ordinal)))
                .Select(one => one.Metadata.GetMetadata<OperationAttribute>()?.Name),
        ];

        operations.ShouldBe(["AnalyzeVideo", "AnalyzeVideo", "AnalyzeVideo"]); // gRPC, and HTTP with and without a version
    }

    [Fact]
    public async Task Calls_OfAHostThatWasNotAskedForThem_AreNotThere()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        using GrpcChannel channel = GrpcChannel.ForAddress(host.Endpoints.Grpc);

        RpcException error = await Should.ThrowAsync<RpcException>(
            async () => await new GRPCInferenceService.GRPCInferenceServiceClient(channel).ServerLiveAsync(new(), cancellationToken: RunningHost.Token));

        error.StatusCode.ShouldBe(StatusCode.Unimplemented);
        (await host.Http.GetAsync("/v2/health/live", RunningHost.Token)).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
    }

    private static ModelInferRequest Frames(bool isRaw = false)
    {
        byte[] pixels = [.. Enumerable.Repeat((byte)200, 2 * 2 * 4 * 3)];
        InferInputTensor input = new() { Name = "clip", Datatype = "UINT8", Shape = { 2, 2, 4, 3 }, Parameters = { ["frames_per_second"] = new InferParameter { Int64Param = 25 } } };
        ModelInferRequest request = new() { ModelName = Task, Id = "mine", Inputs = { input } };
        if (isRaw)
        {
            request.RawInputContents.Add(ByteString.CopyFrom(pixels));
        }
        else
        {
            input.Contents = new InferTensorContents { UintContents = { pixels.Select(one => (uint)one) } };
        }

        return request;
    }

    private static ModelInferRequest File(byte[] content) => new()
    {
        ModelName = Task,
        Inputs = { new InferInputTensor { Name = "clip", Datatype = "BYTES", Shape = { 1 }, Contents = new InferTensorContents { BytesContents = { ByteString.CopyFrom(content) } } } },
    };

    private static InferOutputTensor Output(ModelInferResponse answer, string name) => answer.Outputs.Single(one => one.Name == name);

    private static string[] Texts(ModelInferResponse answer, string name) => [.. Output(answer, name).Contents.BytesContents.Select(one => one.ToStringUtf8())];

    private static ValueTask<List<Proto.Job>> JobsAsync(InferenceHost host) =>
        host.Running.Client.Jobs.ListAsync(cancellationToken: RunningHost.Token).ToListAsync(RunningHost.Token);

    private static Task<RpcException> RefusalAsync(InferenceHost host, ModelInferRequest request) =>
        Should.ThrowAsync<RpcException>(async () => await host.Calls.ModelInferAsync(request, cancellationToken: RunningHost.Token));
}
