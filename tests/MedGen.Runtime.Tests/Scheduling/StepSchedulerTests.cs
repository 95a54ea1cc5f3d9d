using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Serving;
using MedGen.Model.Checkpoints;
using MedGen.Model.Pipelines;
using MedGen.Model.Sizing;
using MedGen.Runtime.Adapters;
using MedGen.Runtime.Execution;
using MedGen.Runtime.Scheduling;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using TorchSharp;

namespace MedGen.Runtime.Tests.Scheduling;

/// <summary>What happens to the others when something of one session's step fails, and which sessions share a forward.</summary>
public sealed class StepSchedulerTests : IAsyncLifetime
{
    // 8 tokens, 16 with both branches of guidance.
    private static readonly VideoGenerationRequest Small = new()
    {
        Prompt = "a lung", Width = 32, Height = 32, NumFrames = 5, NumInferenceSteps = 4, Seed = 3, GuidanceScale = 2,
    };

    private readonly MedGenRuntimeOptions _options = new() { SessionLimit = 4, QueueLimit = 8 };
    private DeviceExecutor _executor = null!;
    private MedGenPipeline _pipeline = null!;
    private StepScheduler? _scheduler;

    private static CancellationToken Timeout => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _executor = new DeviceExecutor(Options.Create(_options), TimeProvider.System, NullLogger<DeviceExecutor>.Instance);
        ModelFolder folder = ModelFolder.Open(Fixtures.TinyModel);
        _pipeline = await OnDeviceAsync(() => MedGenPipeline.Open(folder, torch.CPU, torch.ScalarType.Float32));
    }

    public ValueTask DisposeAsync()
    {
        // What runs on the device is over, and so is its thread.
        _executor.Dispose();
        _scheduler?.Dispose();
        _pipeline.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Step_WhenASharedForwardFails_LetsEachGoOnAlone()
    {
        StepScheduler scheduler = Scheduler();
        List<byte[]> alone = [];
        for (int i = 0; i < 3; i++)
        {
            alone.Add(await PixelsAsync(scheduler, Small with { Seed = i, Deterministic = true }));
        }

        int shared = 0;
        scheduler.Shared.Fault = () =>
        {
            shared++;
            throw new InvalidOperationException("not together");
        };

        byte[][] together = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => PixelsAsync(scheduler, Small with { Seed = i })));

        shared.ShouldBe(1);
        together.ShouldBe(alone);
    }

    [Fact]
    public async Task Tick_WhenItFails_EndsAllAndGivesTheirTensorsAndMemoryBack()
    {
        // Room for one session at a time: a share that is not given back would keep the next one waiting for ever.
        GenerationCost cost = _pipeline.CostOf(Small);
        _pipeline.MemoryLimit = _pipeline.WeightBytes + cost.ActivationBytes + cost.SessionBytes;
        StepScheduler scheduler = Scheduler();
        await PixelsAsync(scheduler, Small);
        long before = await LiveTensorsAsync();
        int items = 0;
        _executor.Fault = () =>
        {
            if (++items == 4)
            {
                throw new InvalidOperationException("no turn");
            }
        };

        await Should.ThrowAsync<InvalidOperationException>(PixelsAsync(scheduler, Small));

        (await LiveTensorsAsync()).ShouldBe(before);
        (await PixelsAsync(scheduler, Small).WaitAsync(TimeSpan.FromMinutes(1), Timeout)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Tick_OfADeviceThatStops_EndsAllOnce()
    {
        StepScheduler scheduler = Scheduler();
        Task[] running = [.. Enumerable.Range(0, 6).Select(i => PixelsAsync(scheduler, Small with { Seed = i, NumInferenceSteps = 200 }))];

        _executor.Dispose();

        foreach (Task run in running)
        {
            await Should.ThrowAsync<OperationCanceledException>(run);
        }

        await Should.ThrowAsync<OperationCanceledException>(PixelsAsync(scheduler, Small));
    }

    [Fact]
    public async Task Gather_WithMoreThanFit_KeepsThoseTogetherThatWere()
    {
        StepScheduler scheduler = Scheduler();
        using ManualResetEventSlim submitted = new();
        List<GenerationRun> runs = [];
        Task<string[]> gathering = OnDeviceAsync(() =>
        {
            submitted.Wait(CancellationToken.None);
            using SharedForward shared = new(maxTokens: 32);
            runs.ForEach(run => run.Session = Denoising(run.Request));
            string[] sets = [Step(shared, 0, 1, 2, 3), Step(shared, 2, 3, 0, 1), Step(shared, 1, 2, 3, 0)];
            shared.Dispose();
            runs.ForEach(run => run.Session!.Dispose());
            runs.ForEach(run => run.Session = null);
            return sets;
        });
        runs.AddRange(Enumerable.Range(0, 4).Select(i => scheduler.Submit(Small with { Seed = i }, [], Timeout)));
        submitted.Set();

        (await gathering).ShouldBe(["0 1", "2 3", "0 1"]);
        foreach (GenerationRun run in runs)
        {
            await run.DisposeAsync();
        }

        string Step(SharedForward shared, int leader, params int[] companions)
        {
            List<GenerationRun> gathered = shared.Gather(runs[leader], companions.Select(i => runs[i]));
            shared.Step(gathered);
            return string.Join(' ', gathered.Select(run => run.Request.Seed));
        }

        GenerationSession Denoising(VideoGenerationRequest request)
        {
            GenerationSession session = _pipeline.Start(request);
            session.Step();
            return session;
        }
    }

    [Fact]
    public async Task Tick_WithSessionsAtBothExperts_SwitchesOnceForAllInsteadOfEachStep()
    {
        ModelFolder folder = ModelFolder.Open(Fixtures.Path("goldens22", "a14b", "pipeline", "models"));
        MedGenPipeline experts = await OnDeviceAsync(() => MedGenPipeline.Open(folder, torch.CPU, torch.ScalarType.Float32));
        StepScheduler scheduler = new(
            _executor, experts, new AdapterShelf(new AdapterFolders([]), _options.AdapterBytes, _executor), _options, new StoppedTime());
        VideoGenerationRequest request = Small with { NumFrames = 1, NumInferenceSteps = 6 };
        byte[] alone = await PixelsAsync(scheduler, request);
        int before = scheduler.Switches;

        byte[][] together = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => PixelsAsync(scheduler, request with { Seed = i })));

        before.ShouldBe(1);
        together[3].ShouldBe(alone);
        (scheduler.Switches - before).ShouldBeLessThanOrEqualTo(3); // back for the first of them, on once for all; 8 or more each for itself
        await OnDeviceAsync(() =>
        {
            scheduler.Dispose();
            experts.Dispose();
            return true;
        });
    }

    private static async Task<byte[]> PixelsAsync(StepScheduler scheduler, VideoGenerationRequest request)
    {
        List<byte> pixels = [];
        await using GenerationRun run = scheduler.Submit(request, [], Timeout);
        await foreach (GenerationUpdate update in run.ReadAsync(Timeout))
        {
            foreach (VideoFrame frame in (update as GeneratedFrames)?.Frames ?? [])
            {
                pixels.AddRange(frame.Pixels.Span);
                frame.Dispose();
            }
        }

        return [.. pixels];
    }

    private StepScheduler Scheduler() =>
        _scheduler = new StepScheduler(_executor, _pipeline, new AdapterShelf(new AdapterFolders([]), _options.AdapterBytes, _executor), _options, TimeProvider.System);

    private Task<long> LiveTensorsAsync() => OnDeviceAsync(() => DisposeScopeManager.Statistics.ThreadTotalLiveCount);

    private Task<T> OnDeviceAsync<T>(Func<T> work) => _executor.RunAsync(_ => work(), ServicePriority.Bulk, CancellationToken.None);

    // Nobody grows impatient.
    private sealed class StoppedTime : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }
}
