using System.Runtime.CompilerServices;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;
using MedGen.Sdk.Plugins;
using MedGen.Plugins.Generation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace MedGen.Runtime.Tests.Plugins;

public class GenerationPluginTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GenerateAsync_OfThePluginsGenerator_GoesToTheSharedModel()
    {
        await using ServiceProvider provider = Load();

        IAsyncEnumerable<GenerationUpdate> updates = provider.GetRequiredService<IVideoGenerator>()
            .GenerateAsync(new VideoGenerationRequest { Prompt = "A scan.", Seed = 1 }, Token);

        // Without a model the shared model's own answer comes through.
        (await Should.ThrowAsync<FailedPreconditionException>(async () => await updates.GetAsyncEnumerator(Token).MoveNextAsync()))
            .Reason.ShouldBe("MODEL_NOT_LOADED");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SelfTest_WithAModelOrOnAHostWithoutOne_Passes(bool withModel)
    {
        await using ServiceProvider provider = Load(options => options.ModelPath = withModel ? Fixtures.TinyModel : null);

        await provider.GetRequiredService<IPluginSelfTest>().RunAsync(Token);
    }

    [Fact]
    public async Task SelfTest_OfAModelThatAnswersWrongly_Fails()
    {
        VideoFrame large = VideoFrame.Wrap(new byte[3 * 32 * 16], 32, 16);

        (await Should.ThrowAsync<FailedPreconditionException>(SelfTestOf(new ScriptedModel([])))).Message.ShouldContain("no frame");
        (await Should.ThrowAsync<FailedPreconditionException>(SelfTestOf(new ScriptedModel([new GeneratedFrames { Frames = [large] }])))).Message.ShouldContain("32 x 16");
        (await Should.ThrowAsync<InvalidOperationException>(SelfTestOf(new ScriptedModel([], new InvalidOperationException("no device"))))).Message.ShouldBe("no device");
    }

    [Fact]
    public async Task SelfTest_OfABusyModel_Passes()
    {
        FakeTimeProvider time = new();
        GenerationProgress queued = new() { Stage = GenerationStage.Queued, Completed = 0, Total = 1 };
        ScriptedModel busy = new([queued], waits: true);
        await using ServiceProvider provider = Load(model: busy, time: time);
        Task test = provider.GetRequiredService<IPluginSelfTest>().RunAsync(Token);
        await busy.Waiting;

        test.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(20));

        await test;
        await SelfTestOf(new ScriptedModel([], new ResourceExhaustedException("GENERATION_QUEUE_FULL", "Full.")))();
    }

    private static Func<Task> SelfTestOf(ScriptedModel model) => async () =>
    {
        await using ServiceProvider provider = Load(model: model);
        await provider.GetRequiredService<IPluginSelfTest>().RunAsync(Token);
    };

    private static ServiceProvider Load(Action<MedGenRuntimeOptions>? configure = null, IMedGenModel? model = null, TimeProvider? time = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMedGenRuntime(configure ?? (_ => { }));
        if (model is not null)
        {
            services.AddSingleton(model);
        }

        if (time is not null)
        {
            services.AddSingleton(time);
        }

        var manifest = new PluginManifest
        {
            Id = "medgen.generation", Version = "0.1.0", Name = "Generation", Publisher = "MedGen", Sdk = "[0.1,0.2)", EntryAssembly = "x.dll", Capabilities = [],
        };
        new GenerationPlugin().ConfigureServices(services, new PluginContext { Manifest = manifest, Directory = AppContext.BaseDirectory });
        return services.BuildServiceProvider();
    }

    // Says what it is told to, then waits until it is cancelled, or fails, or ends.
    private sealed class ScriptedModel(IReadOnlyList<GenerationUpdate> updates, Exception? failure = null, bool waits = false) : IMedGenModel
    {
        private readonly TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Waiting => _waiting.Task;

        public ModelDescription Description => throw new NotSupportedException();

        public async IAsyncEnumerable<GenerationUpdate> GenerateAsync(VideoGenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            foreach (GenerationUpdate update in updates)
            {
                yield return update;
            }

            if (failure is not null)
            {
                throw failure;
            }

            if (waits)
            {
                _waiting.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }
        }
    }
}
