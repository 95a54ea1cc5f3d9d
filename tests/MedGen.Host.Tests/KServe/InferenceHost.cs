using Grpc.Net.Client;
using Inference;
using MedGen.Application.Tests;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Plugins;

namespace MedGen.Host.Tests.KServe;

/// <summary>A host that serves the analyzer of the tests as a model of KServe's protocol.</summary>
internal sealed class InferenceHost(RunningHost running) : IAsyncDisposable
{
    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(running.Endpoints.Grpc);

    public RunningHost Running => running;

    public FakeAnalyzer Analyzer => (FakeAnalyzer)running.Catalog.Analyzer!;

    public GRPCInferenceService.GRPCInferenceServiceClient Calls => new(_channel);

    public static async Task<InferenceHost> StartAsync(Func<MedGenHostOptions, MedGenHostOptions>? change = null)
    {
        RunningHost running = await RunningHost.StartAsync(options => (change ?? (same => same))(options with { Calls = new MedGenCalls { Inference = true } }));
        running.Catalog.Capabilities = [new PluginCapability { Kind = CapabilityKinds.Analysis, Task = "brightness" }];
        FakeAnalyzer analyzer = (FakeAnalyzer)running.Catalog.Analyzer!;
        analyzer.Description = analyzer.Description with
        {
            Outputs = [.. analyzer.Description.Outputs, new AnalyzerOutput { Name = "area", Description = "An area.", Kind = OutputKind.Measurement, Unit = "cm2" }],
            ParametersSchema = """{"type":"object","properties":{"threshold":{"type":"number","default":0.5}},"additionalProperties":false}""",
        };
        return new InferenceHost(running);
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await running.DisposeAsync();
    }
}
