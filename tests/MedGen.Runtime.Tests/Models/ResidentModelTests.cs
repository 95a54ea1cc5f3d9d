using System.Runtime.InteropServices;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Serving;
using MedGen.Sdk.Models;
using MedGen.Runtime.Execution;
using MedGen.Runtime.Health;
using MedGen.Runtime.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using TorchSharp;

#pragma warning disable CA2201 // It is what TorchSharp throws where libtorch does.

namespace MedGen.Runtime.Tests.Models;

/// <summary>Many generations over the one resident model: what each receiver gets, and what is left behind.</summary>
public sealed class ResidentModelTests : IAsyncDisposable
{
    private static readonly VideoGenerationRequest Small = new()
    {
        Prompt = "a lung", Width = 32, Height = 32, NumFrames = 5, NumInferenceSteps = 6, Seed = 3, GuidanceScale = 2,
    };

    private readonly MedGenRuntimeOptions _options = new() { ModelPath = Fixtures.TinyModel, DataType = "float32", SessionLimit = 3, QueueLimit = 8 };
    private DeviceExecutor? _executor;
    private ResidentModel? _model;

    private static CancellationToken Timeout => TestContext.Current.CancellationToken;

    private static async Task<List<GenerationUpdate>> UpdatesAsync(ResidentModel model, VideoGenerationRequest request)
    {
        List<GenerationUpdate> updates = [];
        await foreach (GenerationUpdate update in model.GenerateAsync(request, Timeout))
        {
            updates.Add(update);
            foreach (VideoFrame frame in (update as GeneratedFrames)?.Frames ?? [])
            {
                frame.Dispose();
            }
        }

        return updates;
    }

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
        VideoGenerationRequest[] requests = [.. Enumerable.Range(0, 6).Select(i => Small with { Seed = i, NumInferenceSteps = 2 + i, Deterministic = true, Service = new ServiceTerms { Tenant = $"{i % 2}" } })];
        List<byte[]> alone = [];
        foreach (VideoGenerationRequest request in requests)
        {
            alone.Add(await PixelsAsync(model.GenerateAsync(request, Timeout)));
        }

        byte[][] together = await Task.WhenAll(requests.Select(request => PixelsAsync(model.GenerateAsync(request, Timeout))));

        together.ShouldBe(alone);
    }

    [Fact]
    public async Task GenerateAsync_WordsThatTheModelWasNotTrainedOn_AreToldWhereTheFolderHasALexicon()
    {
        VideoGenerationRequest request = Small with { Prompt = "a lung with a glioma", NumInferenceSteps = 1 };
        (await UpdatesAsync(Model(), request)).OfType<GenerationWarning>().ShouldBeEmpty();
        await DisposeAsync();

        string folder = Directory.CreateTempSubdirectory("medgen-model-").FullName;
        try
        {
            foreach (string file in Directory.EnumerateFiles(Fixtures.TinyModel))
            {
                File.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(file)), file);
            }

            await File.WriteAllLinesAsync(Path.Combine(folder, PromptLexicon.FileName), ["lung"], Timeout);
            _options.ModelPath = folder;
            GenerationUpdate first = (await UpdatesAsync(Model(), request))[0];

            GenerationWarning warning = first.ShouldBeOfType<GenerationWarning>();
            warning.Message.ShouldBe("not known to this model: glioma");
            warning.UnknownWords.ShouldBe(["glioma"]);
        }
        finally
        {
            await DisposeAsync();
            _model = null;
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task GenerateAsync_SharingForwards_GivesTheFramesOfEachAloneButForRounding()
    {
        ResidentModel model = Model();
        VideoGenerationRequest[] requests = [.. Enumerable.Range(0, 3).Select(i => Small with { Seed = i, NumInferenceSteps = 3 + i, Prompt = new string('a', 1 + (9 * i)) })];
        List<byte[]> alone = [];
        foreach (VideoGenerationRequest request in requests)
        {
            alone.Add(await PixelsAsync(model.GenerateAsync(request with { Deterministic = true }, Timeout)));
        }

        byte[][] together = await Task.WhenAll(requests.Select(request => PixelsAsync(model.GenerateAsync(request, Timeout))));

        for (int i = 0; i < requests.Length; i++)
        {
            together[i].Length.ShouldBe(alone[i].Length);
            together[i].Zip(alone[i], (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThanOrEqualTo(1);
        }

        alone[0].ShouldNotBe(alone[1]);
    }

    [Fact]
    public async Task GenerateAsync_WhenTheDeviceFails_TellsEverybodyAndHangsNobody()
    {
        ResidentModel model = Model();
        await PixelsAsync(model.GenerateAsync(Small, Timeout));
        DeviceCanary canary = new(_executor!, TimeProvider.System, NullLogger<DeviceCanary>.Instance);
        (await canary.CheckAsync(Timeout)).IsHealthy.ShouldBeTrue();
        int steps = 0;
        _executor!.Fault = () =>
        {
            if (++steps == 5)
            {
                throw new ExternalException("CUDA error: an illegal memory access was encountered");
            }
        };

        Task[] running = [.. Enumerable.Range(0, 5).Select(i => PixelsAsync(model.GenerateAsync(Small with { Seed = i, Width = 16 * (i + 1) }, Timeout)))];

        foreach (Task run in running)
        {
            await Should.ThrowAsync<DeviceFaultException>(run);
        }

        await Should.ThrowAsync<DeviceFaultException>(PixelsAsync(model.GenerateAsync(Small, Timeout)));
        await Should.ThrowAsync<DeviceFaultException>(model.ExtractFeaturesAsync([VideoFrame.Rent(16, 16)], "autoencoder", 0, Timeout));
        (await canary.CheckAsync(Timeout)).IsHealthy.ShouldBeFalse();
    }

    [Fact]
    public async Task GenerateAsync_AfterAnErrorThatIsNoFaultOfTheDevice_GoesOn()
    {
        ResidentModel model = Model();
        await model.LoadAsync(Timeout);
        bool once = true;
        _executor!.Fault = () =>
        {
            if (once)
            {
                once = false;
                throw new ExternalException("CUDA error: out of memory");
            }
        };

        await Should.ThrowAsync<ExternalException>(PixelsAsync(model.GenerateAsync(Small, Timeout)));
        (await PixelsAsync(model.GenerateAsync(Small, Timeout))).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task ExtractFeaturesAsync_OfALayer_HasItsShapeAndDependsOnTheFrames()
    {
        ResidentModel model = Model();
        VideoFrame[] black = [.. Enumerable.Range(0, 5).Select(i => VideoFrame.Wrap(new byte[32 * 32 * 3], 32, 32, i))];
        VideoFrame[] gray = [.. Enumerable.Range(0, 5).Select(i => VideoFrame.Wrap([.. Enumerable.Repeat((byte)128, 32 * 32 * 3)], 32, 32, i))];

        ModelFeatures latents = await model.ExtractFeaturesAsync(black, "autoencoder", 0, Timeout);
        ModelFeatures first = await model.ExtractFeaturesAsync(black, "block.0", 0, Timeout);
        ModelFeatures noisy = await model.ExtractFeaturesAsync(black, "block.0", 900, Timeout);

        latents.Shape.ShouldBe([16, 2, 4, 4]);
        first.Shape.Count.ShouldBe(2);
        first.Shape[0].ShouldBe(2 * 2 * 2);
        first.Values.Length.ShouldBe(first.Shape[0] * first.Shape[1]);
        noisy.Values.ToArray().ShouldNotBe(first.Values.ToArray());
        (await model.ExtractFeaturesAsync(gray, "block.0", 0, Timeout)).Values.ToArray().ShouldNotBe(first.Values.ToArray());
        (await model.ExtractFeaturesAsync(black, "block.0", 0, Timeout)).Values.ToArray().ShouldBe(first.Values.ToArray());
    }

    [Fact]
    public async Task ExtractFeaturesAsync_OfBadInput_NamesEachField()
    {
        ResidentModel model = Model();
        VideoFrame[] odd = [VideoFrame.Rent(32, 30), VideoFrame.Rent(16, 16)];

        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(model.ExtractFeaturesAsync(odd, "autoencoder", double.NaN, Timeout));

        error.Violations.Select(violation => violation.Field).ShouldBe(["timestep", "height", "num_frames", "frames"]);
        foreach (string layer in new[] { "", "block.", "block.-1", "block.99", "blocks.0", "Autoencoder" })
        {
            (await Should.ThrowAsync<InvalidInputException>(model.ExtractFeaturesAsync([VideoFrame.Rent(16, 16)], layer, 0, Timeout)))
                .Violations.ShouldHaveSingleItem().Field.ShouldBe("layer");
        }
    }

    [Fact]
    public async Task GenerateAsync_OneCancelled_EndsThatOneAndGivesItsTensorsBack()
    {
        ResidentModel model = Model();
        byte[] expected = await PixelsAsync(model.GenerateAsync(Small, Timeout));
        long before = await LiveTensorsAsync();
        using CancellationTokenSource cancel = new();
        TaskCompletionSource denoising = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task cancelled = ReadAsync(model.GenerateAsync(Small with { Deterministic = true, Seed = 9, NumInferenceSteps = 200 }, cancel.Token), update =>
        {
            if (update is GenerationProgress { Stage: GenerationStage.Denoising })
            {
                denoising.TrySetResult();
            }
        });
        Task<byte[]> other = PixelsAsync(model.GenerateAsync(Small with { Deterministic = true }, Timeout));
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
        _executor!.RunAsync(_ => DisposeScopeManager.Statistics.ThreadTotalLiveCount, ServicePriority.Bulk, Timeout);

    private Task<int> BlockAsync(ManualResetEventSlim gate) => _executor!.RunAsync(
        _ =>
        {
            gate.Wait(CancellationToken.None);
            return 0;
        },
        ServicePriority.Interactive,
        CancellationToken.None);
}
