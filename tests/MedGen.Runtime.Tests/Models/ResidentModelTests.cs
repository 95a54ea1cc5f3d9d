using MedGen.Abstractions.Errors;
using MedGen.Abstractions.Frames;
using MedGen.Abstractions.Generation;
using MedGen.Runtime.Execution;
using MedGen.Runtime.Models;
using MedGen.Torch.Execution;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using TorchSharp;

namespace MedGen.Runtime.Tests.Models;

/// <summary>Many generations over the one resident model: what each receiver gets, and what is left behind.</summary>
public sealed class ResidentModelTests : IAsyncDisposable
{
    private static readonly VideoGenerationRequest Small = new()
    {
        Prompt = "a lung", Width = 32, Height = 32, NumFrames = 5, NumInferenceSteps = 6, Seed = 3, GuidanceScale = 2,
    };

    private readonly MedGenRuntimeOptions _options = new() { ModelPath = RepositoryRoot.Path("samples", "models", "wan-tiny"), SessionLimit = 3, QueueLimit = 8 };
    private DeviceExecutor? _executor;
    private ResidentModel? _model;

    private static CancellationToken Timeout => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (_model is not null)
        {
            await _model.DisposeAsync();
        }

        _executor?.Dispose();
    }

    [Fact]
    public async Task GenerateAsync_ManyAtOnce_GivesEachTheFramesItGetsAlone()
    {
        ResidentModel model = Model();
        VideoGenerationRequest[] requests = [.. Enumerable.Range(0, 6).Select(i => Small with { Seed = i, NumInferenceSteps = 2 + i, Service = new ServiceTerms { Tenant = $"{i % 2}" } })];
        List<byte[]> alone = [];
        foreach (VideoGenerationRequest request in requests)
        {
            alone.Add(await PixelsAsync(model.GenerateAsync(request, Timeout)));
        }

        byte[][] together = await Task.WhenAll(requests.Select(request => PixelsAsync(model.GenerateAsync(request, Timeout))));

        together.ShouldBe(alone);
    }

    [Fact]
    public async Task GenerateAsync_OneCancelled_EndsThatOneAndGivesItsTensorsBack()
    {
        ResidentModel model = Model();
        byte[] expected = await PixelsAsync(model.GenerateAsync(Small, Timeout));
        long before = await LiveTensorsAsync();
        using CancellationTokenSource cancel = new();
        TaskCompletionSource denoising = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task cancelled = ReadAsync(model.GenerateAsync(Small with { Seed = 9, NumInferenceSteps = 200 }, cancel.Token), update =>
        {
            if (update is GenerationProgress { Stage: GenerationStage.Denoising })
            {
                denoising.TrySetResult();
            }
        });
        Task<byte[]> other = PixelsAsync(model.GenerateAsync(Small, Timeout));
        await denoising.Task;

        await cancel.CancelAsync();

        (await Should.ThrowAsync<OperationCanceledException>(cancelled)).CancellationToken.ShouldBe(cancel.Token);
        (await other).ShouldBe(expected);
        (await LiveTensorsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task GenerateAsync_ReceiverLeaves_EndsItAndGivesItsTensorsBack()
    {
        ResidentModel model = Model();
        await PixelsAsync(model.GenerateAsync(Small, Timeout));
        long before = await LiveTensorsAsync();

        await foreach (GenerationUpdate update in model.GenerateAsync(Small with { NumInferenceSteps = 200 }, Timeout))
        {
            if (update is GenerationProgress { Stage: GenerationStage.Denoising, Completed: 3 })
            {
                break;
            }
        }

        (await LiveTensorsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task GenerateAsync_CancelledWithCheckpoints_EndsWithOneThatLeadsToTheSameFrames()
    {
        ResidentModel model = Model();
        byte[] expected = await PixelsAsync(model.GenerateAsync(Small, Timeout));
        VideoGenerationRequest saved = Small with { Service = new ServiceTerms { CheckpointInterval = 200 } };
        using CancellationTokenSource cancel = new();
        GenerationUpdate? last = null;

        await Should.ThrowAsync<OperationCanceledException>(ReadAsync(model.GenerateAsync(saved, cancel.Token), update =>
        {
            last = update;
            if (update is GenerationProgress { Stage: GenerationStage.Denoising, Completed: 2 })
            {
                cancel.Cancel();
            }
        }));

        GenerationCheckpoint checkpoint = last.ShouldBeOfType<GenerationCheckpoint>();
        checkpoint.Step.ShouldBeGreaterThanOrEqualTo(2);
        (await PixelsAsync(model.GenerateAsync(saved with { Service = saved.Service with { Checkpoint = checkpoint } }, Timeout))).ShouldBe(expected);
    }

    [Fact]
    public async Task GenerateAsync_MoreThanThereIsRoomFor_TellsPositionsAndRefusesOneTooMany()
    {
        ResidentModel model = Model();
        await model.LoadAsync(Timeout);
        using ManualResetEventSlim gate = new();
        Task blocker = BlockAsync(gate);
        using CancellationTokenSource cancel = new();
        List<IAsyncEnumerator<GenerationUpdate>> runs = [];
        List<int> positions = [];
        for (int i = 0; i < 11; i++)
        {
            IAsyncEnumerator<GenerationUpdate> run = model.GenerateAsync(Small, cancel.Token).GetAsyncEnumerator(Timeout);
            runs.Add(run);
            (await run.MoveNextAsync()).ShouldBeTrue();
            positions.Add(run.Current.ShouldBeOfType<GenerationProgress>().Position);
        }

        positions.ShouldBe([0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
        ResourceExhaustedException full = await Should.ThrowAsync<ResourceExhaustedException>(PixelsAsync(model.GenerateAsync(Small, Timeout)));
        full.Reason.ShouldBe("GENERATION_QUEUE_FULL");
        full.RetryAfter.ShouldNotBeNull();

        // One that waits leaves: those behind it move up at once, although the device is at work.
        await using (IAsyncEnumerator<GenerationUpdate> fourth = runs[3])
        {
        }

        (await runs[4].MoveNextAsync()).ShouldBeTrue();
        runs[4].Current.ShouldBeOfType<GenerationProgress>().Position.ShouldBe(1);
        await cancel.CancelAsync();
        gate.Set();
        await blocker;
        foreach (IAsyncEnumerator<GenerationUpdate> run in runs)
        {
            await run.DisposeAsync();
        }
    }

    [Fact]
    public async Task GenerateAsync_OfAClipThatNeverFits_IsRefusedWithTheNumbers()
    {
        _options.MemoryLimitBytes = 200_000_000;
        ResidentModel model = Model();

        ResourceExhaustedException error = await Should.ThrowAsync<ResourceExhaustedException>(
            PixelsAsync(model.GenerateAsync(Small with { Width = 1280, Height = 1280, NumFrames = 257 }, Timeout)));

        error.Reason.ShouldBe("MEMORY_BUDGET");
        error.Message.ShouldContain("200000000");
        (await PixelsAsync(model.GenerateAsync(Small, Timeout))).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task GenerateAsync_WithADeadlineOutOfReach_IsRefusedOnceTheSpeedIsKnown()
    {
        ResidentModel model = Model();
        await PixelsAsync(model.GenerateAsync(Small, Timeout));
        VideoGenerationRequest late = Small with { NumInferenceSteps = 200, Width = 256, Height = 256, NumFrames = 81, Service = new ServiceTerms { Deadline = DateTimeOffset.UtcNow.AddMilliseconds(20) } };

        await Should.ThrowAsync<DeadlineExceededException>(PixelsAsync(model.GenerateAsync(late, Timeout)));
    }

    [Fact]
    public async Task DisposeAsync_WithGenerationsRunning_EndsThem()
    {
        ResidentModel model = Model();
        Task running = PixelsAsync(model.GenerateAsync(Small with { NumInferenceSteps = 200 }, Timeout));
        await LiveTensorsAsync();

        await model.DisposeAsync();

        await Should.ThrowAsync<OperationCanceledException>(running);
    }

    private static async Task<byte[]> PixelsAsync(IAsyncEnumerable<GenerationUpdate> updates)
    {
        List<byte> pixels = [];
        await ReadAsync(updates, update =>
        {
            foreach (VideoFrame frame in (update as GeneratedFrames)?.Frames ?? [])
            {
                pixels.AddRange(frame.Pixels.Span);
                frame.Dispose();
            }
        });
        return [.. pixels];
    }

    private static async Task ReadAsync(IAsyncEnumerable<GenerationUpdate> updates, Action<GenerationUpdate> read)
    {
        await foreach (GenerationUpdate update in updates)
        {
            read(update);
        }
    }

    private ResidentModel Model()
    {
        IOptions<MedGenRuntimeOptions> options = Options.Create(_options);
        _executor = new DeviceExecutor(options, TimeProvider.System, NullLogger<DeviceExecutor>.Instance);
        return _model = new ResidentModel(_executor, options, TimeProvider.System, NullLogger<ResidentModel>.Instance);
    }

    private Task<long> LiveTensorsAsync() =>
        _executor!.RunAsync(_ => DisposeScopeManager.Statistics.ThreadTotalLiveCount, WorkPriority.Bulk, Timeout);

    private Task BlockAsync(ManualResetEventSlim gate) => _executor!.RunAsync(
        _ =>
        {
            gate.Wait(CancellationToken.None);
            return 0;
        },
        WorkPriority.Interactive,
        CancellationToken.None);
}
