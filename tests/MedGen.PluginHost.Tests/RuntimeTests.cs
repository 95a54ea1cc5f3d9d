using MedGen.Application.Plugins;
using MedGen.PluginHost.Checks;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Frames;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.PluginHost.Tests;

/// <summary>A plugin without code: a manifest, <c>onnx.json</c> and a network.</summary>
[Collection("plugins")]
public sealed class RuntimeTests : IAsyncDisposable
{
    private const string Manifest = """
        { "id": "test.onnx", "version": "1.0.0", "name": "Red", "publisher": "Tests", "sdk": "[0.9,1.0)", "runtime": "onnx",
          "capabilities": [{ "kind": "analysis/1", "task": "red" }] }
        """;

    private const string Spec = """
        { "model": "picture.onnx", "summary": "Says whether a picture is red.", "input": { "width": 8, "height": 8, "fit": "stretch" },
          "outputs": [{ "name": "red", "description": "Red or not.", "meaning": "classification", "tensor": "logits", "activation": "softmax", "labels": ["other", "red"] }] }
        """;

    private readonly PluginHostFixture _host = new();

    private string Folder => Path.Combine(_host.Root, "test.onnx", "1.0.0");

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [LongInlineData(true)]
    public async Task Analyze_OfAPluginWithoutCode_SaysWhatTheNetworkComputes(bool isIsolated)
    {
        Install();
        await _host.StartAsync(options =>
        {
            options.WorkerCommand = TestPlugins.WorkerCommand;
            options.Isolation = isIsolated ? IsolationPolicy.Foreign : IsolationPolicy.Declared;
        });
        using PluginLease<IVideoAnalyzer> lease = await _host.AcquireAsync("red");
        AnalysisRequest request = new() { Inputs = [new InputClip { Role = "clip", Clip = new RedFrame() }] };

        List<AnalysisUpdate> updates = await lease.Service.AnalyzeAsync(request, TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);

        LabelFinding red = updates.OfType<FinalFindings>().Single().Findings.ShouldHaveSingleItem().ShouldBeOfType<LabelFinding>();
        red.Labels.ShouldBe(["red"]);
        red.Probabilities[1].ShouldBe(1 / (1 + Math.Exp(-4)), 1e-5); // 8 (1 − 0.5) = 4
    }

    [Fact]
    public async Task Check_OfTheSample_FindsItGoodAndUnloadsIt()
    {
        PluginCheckResult result = await new PluginChecker(
            new ServiceCollection().AddLogging().BuildServiceProvider(), new PluginHostOptions { StateFile = "x" }, TimeProvider.System)
            .CheckAsync(RepositoryRoot.Path("samples", "plugins", "example.red-network", "1.0.0"), TestContext.Current.CancellationToken);

        result.Findings.ShouldNotContain(finding => finding.Severity != PluginFindingSeverity.Information);
        result.Findings.ShouldContain(finding => finding.Message == "The plugin unloads cleanly.");
    }

    [Theory]
    [InlineData("\"runtime\": \"onnx\"", "\"runtime\": \"python\"", PluginState.Rejected, "runtime: got 'python'; allowed: onnx.")]
    [InlineData("\"runtime\": \"onnx\"", "\"runtime\": \"onnx\", \"entryAssembly\": \"a.dll\"", PluginState.Rejected, "a plugin has either this or a runtime")]
    [InlineData("\"runtime\": \"onnx\",", "", PluginState.Rejected, "a plugin has either this or a runtime")]
    [InlineData("\"task\": \"red\" }", "\"task\": \"red\" }, { \"kind\": \"generation/1\" }", PluginState.Rejected, "has one, of the kind analysis/1")]
    public async Task Start_OfAManifestThatAsksForSomethingElse_SaysWhatIsAllowed(string old, string changed, PluginState state, string reason)
    {
        Install(Manifest.Replace(old, changed, StringComparison.Ordinal));
        await _host.StartAsync();

        PluginStatus status = _host.Catalog.GetStatus("test.onnx");
        status.State.ShouldBe(state);
        status.Reason!.ShouldContain(reason);
    }

    [Fact]
    public async Task Start_OfAFolderWithAnAssembly_IsRejectedAndOfABrokenSpecificationSaysWhere()
    {
        Install();
        File.Copy(typeof(RuntimeTests).Assembly.Location, Path.Combine(Folder, "own.dll"));
        await _host.StartAsync();
        _host.Catalog.GetStatus("test.onnx").Reason!.ShouldContain("must not come with a plugin that has the runtime onnx");
        await _host.StopAsync();

        File.Delete(Path.Combine(Folder, "own.dll"));
        await File.WriteAllTextAsync(
            Path.Combine(Folder, "onnx.json"), Spec.Replace("[\"other\", \"red\"]", "[\"red\"]", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        await _host.StartAsync();

        PluginStatus status = _host.Catalog.GetStatus("test.onnx");
        (status.State, status.Reason!).ShouldSatisfyAllConditions(
            _ => status.State.ShouldBe(PluginState.Malfunctioned),
            _ => status.Reason!.ShouldContain("outputs[red].labels: has 1; the network's 'logits' [1, 2] gives 2."));
    }

    private void Install(string manifest = Manifest)
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, "plugin.json"), manifest);
        File.WriteAllText(Path.Combine(Folder, "onnx.json"), Spec);
        File.Copy(Fixtures.Path("onnx", "picture.onnx"), Path.Combine(Folder, "picture.onnx"));
    }

    private sealed class RedFrame : IVideoClip
    {
        public VideoInfo Info { get; } = new() { Width = 2, Height = 2 };

        public bool IsLive => false;

        public IAsyncEnumerable<VideoFrame> ReadFramesAsync(FrameSampling sampling, CancellationToken cancellationToken) =>
            new[] { VideoFrame.Wrap([255, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0], 2, 2) }.ToAsyncEnumerable();
    }
}
