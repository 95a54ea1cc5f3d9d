using System.Text.Json;
using MedGen.PluginHost.Home;
using MedGen.PluginHost.Isolation;
using MedGen.PluginHost.Lending;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;
using MedGen.Sdk.Plugins;
using MedGen.Sdk.Serving;
using MedGen.Sdk.Torch.Execution;
using Microsoft.Extensions.Logging.Abstractions;
using TorchSharp;

namespace MedGen.PluginHost.Tests;

[Collection("plugins")]
public class LendingTests
{
    private readonly PluginDeviceWork _work = new();
    private readonly PluginHome _home = PluginHome.Of(
        new PluginManifest { Id = "acme.x", Version = "1.0.0", Name = "X", Publisher = "Acme", Sdk = "[0.9,1.0)", Capabilities = [] },
        new PluginHostOptions(), log: null, TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_WorkThatChangesTorchForAll_IsPutBackAlsoWhenItFails()
    {
        LentDeviceExecutor lent = Lend();
        (torch.ScalarType type, int threads, bool grad) = State();

        await Should.ThrowAsync<InvalidOperationException>(() => lent.RunAsync<int>(
            _ =>
            {
                torch.set_default_dtype(torch.ScalarType.Float64);
                torch.set_num_threads(threads + 1);
                torch.set_grad_enabled(!grad);
                throw new InvalidOperationException();
            },
            ServicePriority.Normal,
            Token));

        State().ShouldBe((type, threads, grad));

        static (torch.ScalarType, int, bool) State() => (torch.get_default_dtype(), torch.get_num_threads(), torch.is_grad_enabled());
    }

    [Fact]
    public async Task RunAsync_WhileItRuns_SaysWhoseWorkItIs()
    {
        (await Lend().RunAsync(_ => _work.Running, ServicePriority.Normal, Token)).ShouldBe("acme.x 1.0.0");
        _work.Running.ShouldBeNull();
    }

    [Fact]
    public async Task RunAsync_OfWork_CountsItsTimeOnTheDevice()
    {
        await Lend().RunAsync(_ => Thread.CurrentThread.Join(5), ServicePriority.Normal, Token);

        _home.Use.Read().DeviceTime.ShouldBeGreaterThan(TimeSpan.FromMilliseconds(4));
    }

    [Fact]
    public async Task GenerateAsync_OfTheLentModel_HandsThePictureOn()
    {
        using VideoFrame picture = VideoFrame.Rent(40, 30);
        VideoGenerationRequest request =
            new() { Prompt = "a lung", Seed = 1, Width = 64, Height = 64, NumFrames = 5, FirstFrame = picture, FirstFrameFit = FirstFrameFit.Pad };
        ListeningModel model = new();

        await foreach (GenerationUpdate _ in new LentModel(model).GenerateAsync(request, Token))
        {
        }

        model.Asked.ShouldNotBeNull().FirstFrame.ShouldBeSameAs(picture);
        model.Asked.FirstFrameFit.ShouldBe(FirstFrameFit.Pad);
        new LentModel(model).Description.TakesFirstFrame.ShouldBeTrue();
    }

    // A worker knows the model's description by JSON.
    [Fact]
    public void LoadPlugin_AsTheWorkerReadsIt_StillTellsThatTheModelTakesAPicture()
    {
        ModelDescription description = new ListeningModel().Description;

        JsonSerializer.Deserialize<ModelDescription>(JsonSerializer.Serialize(description))!.TakesFirstFrame.ShouldBeTrue();
    }

    private sealed class ListeningModel : IMedGenModel
    {
        public VideoGenerationRequest? Asked { get; private set; }

        public ModelDescription Description { get; } = new()
        {
            Name = "m", Variant = "custom", Hash = "", Device = "cpu", DataType = "float32", Parameters = 1, MaxTextTokens = 1, IsTrained = true,
            TakesFirstFrame = true,
        };

        public IAsyncEnumerable<GenerationUpdate> GenerateAsync(VideoGenerationRequest request, CancellationToken cancellationToken)
        {
            Asked = request;
            return AsyncEnumerable.Empty<GenerationUpdate>();
        }
    }

    private LentDeviceExecutor Lend() => new(new Inline(), _home, _work, NullLogger.Instance);

    private sealed class Inline : IDeviceExecutor
    {
        public torch.Device Device => torch.CPU;

        // Here and now: what is thread-local of torch is that of the test.
        public Task<T> RunAsync<T>(Func<CancellationToken, T> work, ServicePriority priority, CancellationToken cancellationToken)
        {
            try
            {
                return Task.FromResult(work(cancellationToken));
            }
            catch (InvalidOperationException exception)
            {
                return Task.FromException<T>(exception);
            }
        }
    }
}
