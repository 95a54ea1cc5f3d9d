using MedGen.Abstractions.Errors;
using MedGen.Abstractions.Generation;
using MedGen.Abstractions.Models;
using MedGen.Runtime.Execution;
using MedGen.Torch.Execution;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TorchSharp;

namespace MedGen.Runtime.Tests.Models;

public class ResidentModelTests
{
    private static readonly VideoGenerationRequest Request = new()
    {
        Prompt = "A surgeon carefully sutures a wound in a bright operating room.",
        Width = 48,
        Height = 32,
        NumFrames = 5,
        NumInferenceSteps = 3,
        Seed = 42,
    };

    private static CancellationToken Timeout => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GenerateAsync_AgainAndBesideAnother_GivesTheSameFrames()
    {
        await using ServiceProvider services = Build(Tiny);
        IMedGenModel model = services.GetRequiredService<IMedGenModel>();
        byte[] alone = await GenerateAsync(model, Request);

        byte[][] together = await Task.WhenAll(GenerateAsync(model, Request), GenerateAsync(model, Request with { Seed = 43 }));

        alone.Length.ShouldBe(5 * 48 * 32 * 3);
        together[0].ShouldBe(alone);
        together[1].ShouldNotBe(alone);
    }

    [Fact]
    public async Task GenerateAsync_FromStartToEnd_TellsItsStagesInOrder()
    {
        await using ServiceProvider services = Build(Tiny);
        List<GenerationUpdate> updates = await services.GetRequiredService<IMedGenModel>()
            .GenerateAsync(Request with { PreviewInterval = 2 }, Timeout).ToListAsync(Timeout);

        updates.OfType<GenerationProgress>().Select(p => (p.Stage, p.Completed, p.Total)).ShouldBe(
        [
            (GenerationStage.Queued, 0, 1), (GenerationStage.EncodingPrompt, 1, 1),
            (GenerationStage.Denoising, 1, 3), (GenerationStage.Denoising, 2, 3), (GenerationStage.Denoising, 3, 3),
            (GenerationStage.Decoding, 1, 5), (GenerationStage.Decoding, 5, 5),
        ]);
        updates.OfType<GenerationPreview>().ShouldHaveSingleItem().Step.ShouldBe(2);
    }

    [Fact]
    public async Task GenerateAsync_CancelledBetweenSteps_FreesItsTensorsAndHarmsNoOther()
    {
        await using ServiceProvider services = Build(Tiny);
        IMedGenModel model = services.GetRequiredService<IMedGenModel>();
        byte[] expected = await GenerateAsync(model, Request);
        long before = await TensorsAsync(services);
        using var cancel = new CancellationTokenSource();
        Task<byte[]> other = GenerateAsync(model, Request);

        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (GenerationUpdate update in model.GenerateAsync(Request with { NumInferenceSteps = 100 }, cancel.Token))
            {
                if (update is GenerationProgress { Stage: GenerationStage.Denoising, Completed: 2 })
                {
                    await cancel.CancelAsync();
                }
            }
        });

        (await other).ShouldBe(expected);
        (await TensorsAsync(services)).ShouldBe(before);
    }

    [Fact]
    public async Task GenerateAsync_LeftBeforeTheEnd_FreesItsTensors()
    {
        await using ServiceProvider services = Build(Tiny);
        IMedGenModel model = services.GetRequiredService<IMedGenModel>();
        await GenerateAsync(model, Request);
        long before = await TensorsAsync(services);

        await foreach (GenerationUpdate update in model.GenerateAsync(Request, Timeout))
        {
            if (update is GeneratedFrames)
            {
                break;
            }
        }

        (await TensorsAsync(services)).ShouldBe(before);
    }

    [Fact]
    public async Task GenerateAsync_WhileItRuns_LetsInteractiveWorkInBetweenSteps()
    {
        await using ServiceProvider services = Build(Tiny);
        IMedGenModel model = services.GetRequiredService<IMedGenModel>();
        IDeviceExecutor executor = services.GetRequiredService<IDeviceExecutor>();
        int stepsSeen = 0;

        await foreach (GenerationUpdate update in model.GenerateAsync(Request, Timeout))
        {
            if (update is GenerationProgress { Stage: GenerationStage.Denoising })
            {
                (await executor.RunAsync(_ => 5, WorkPriority.Interactive, Timeout)).ShouldBe(5);
                stepsSeen++;
            }
        }

        stepsSeen.ShouldBe(3);
    }

    [Fact]
    public async Task GenerateAsync_MoreThanRunAndWait_IsRefusedWithATimeToTryAgain()
    {
        await using ServiceProvider services = Build(Tiny, options => (options.SessionLimit, options.QueueLimit) = (1, 1));
        IMedGenModel model = services.GetRequiredService<IMedGenModel>();
        await using IAsyncEnumerator<GenerationUpdate> running = model.GenerateAsync(Request, Timeout).GetAsyncEnumerator(Timeout);
        await using IAsyncEnumerator<GenerationUpdate> waiting = model.GenerateAsync(Request, Timeout).GetAsyncEnumerator(Timeout);
        await running.MoveNextAsync();
        await waiting.MoveNextAsync();

        var full = await Should.ThrowAsync<ResourceExhaustedException>(GenerateAsync(model, Request));

        full.Reason.ShouldBe("GENERATION_QUEUE_FULL");
        full.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task GenerateAsync_BadRequest_NamesTheFields()
    {
        await using ServiceProvider services = Build(Tiny);

        var invalid = await Should.ThrowAsync<InvalidInputException>(
            GenerateAsync(services.GetRequiredService<IMedGenModel>(), Request with { Width = 50, NumFrames = 8 }));

        invalid.Violations.Select(v => v.Field).ShouldBe(["width", "num_frames"]);
    }

    [Fact]
    public async Task Description_AfterTheHostStarted_TellsWhatIsLoaded()
    {
        using IHost host = BuildHost(Tiny);
        await host.StartAsync(Timeout);

        ModelDescription description = host.Services.GetRequiredService<IMedGenModel>().Description;

        description.ShouldSatisfyAllConditions(
            d => d.Name.ShouldBe("wan-tiny"),
            d => d.Variant.ShouldBe("custom"),
            d => d.Device.ShouldBe("cpu"),
            d => d.DataType.ShouldBe("float32"),
            d => d.IsTrained.ShouldBeFalse(),
            d => d.Hash.Length.ShouldBe(64));
        await host.StopAsync(Timeout);
    }

    [Fact]
    public async Task GenerateAsync_WithoutAModel_SaysSoAndHowToCureIt()
    {
        await using ServiceProvider services = Build(null);
        IMedGenModel model = services.GetRequiredService<IMedGenModel>();

        Should.Throw<FailedPreconditionException>(() => model.Description).Reason.ShouldBe("MODEL_NOT_LOADED");
        (await Should.ThrowAsync<FailedPreconditionException>(GenerateAsync(model, Request))).Message.ShouldContain("--model");
    }

    [Fact]
    public async Task StartAsync_AFolderWithoutAModel_FailsAtTheStart()
    {
        DirectoryInfo empty = Directory.CreateTempSubdirectory("medgen-empty-");
        using IHost host = BuildHost(empty.FullName);

        await Should.ThrowAsync<ModelFormatException>(host.StartAsync(Timeout));
        empty.Delete();
    }

    [Theory]
    [InlineData("gpu", "float32", 64)]
    [InlineData("cpu", "float16", 64)]
    [InlineData("cpu", "float32", 0)]
    public async Task StartAsync_BadOptions_FailsAtTheStart(string device, string dataType, int queueLimit)
    {
        using IHost host = BuildHost(null, options => (options.Device, options.DataType, options.QueueLimit) = (device, dataType, queueLimit));

        await Should.ThrowAsync<OptionsValidationException>(host.StartAsync(Timeout));
    }

    private static string Tiny
    {
        get
        {
            DirectoryInfo? folder = new(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MedGen.Platform.sln")))
            {
                folder = folder.Parent;
            }

            return Path.Combine(folder.ShouldNotBeNull().FullName, "samples", "models", "wan-tiny");
        }
    }

    private static ServiceProvider Build(string? modelPath, Action<MedGenRuntimeOptions>? more = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMedGenRuntime(options => Configure(options, modelPath, more));
        return services.BuildServiceProvider();
    }

    private static IHost BuildHost(string? modelPath, Action<MedGenRuntimeOptions>? more = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddMedGenRuntime(options => Configure(options, modelPath, more));
        return builder.Build();
    }

    private static void Configure(MedGenRuntimeOptions options, string? modelPath, Action<MedGenRuntimeOptions>? more)
    {
        options.ModelPath = modelPath;
        options.Threads = 1;
        more?.Invoke(options);
    }

    private static Task<long> TensorsAsync(ServiceProvider services) =>
        services.GetRequiredService<IDeviceExecutor>().RunAsync(_ => torch.Tensor.TotalCount, WorkPriority.Bulk, Timeout);

    private static async Task<byte[]> GenerateAsync(IMedGenModel model, VideoGenerationRequest request)
    {
        List<byte> bytes = [];
        await foreach (GenerationUpdate update in model.GenerateAsync(request, Timeout))
        {
            if (update is GeneratedFrames { Frames: var frames })
            {
                bytes.AddRange(frames.SelectMany(frame => frame.Pixels.ToArray()));
            }
        }

        return [.. bytes];
    }
}
