using System.Runtime.CompilerServices;
using MedGen.Sdk.Classification;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Plugins;
using Microsoft.Extensions.DependencyInjection;

namespace HangingSelfTest;

public sealed class Plugin : IMedGenPlugin
{
    public void ConfigureServices(IServiceCollection services, PluginContext context) =>
        services.AddSingleton<IVideoClassifier, LabelClassifier>().AddSingleton<IPluginSelfTest, HangingTest>();
}

internal sealed class LabelClassifier : IVideoClassifier
{
    public ClassifierDescription Description { get; } = new() { Task = "test-hanging", Labels = ["one"] };

    public async IAsyncEnumerable<ClassificationUpdate> ClassifyAsync(
        IVideoClip clip, ClassificationOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        options.RequireNoParameters();
        await Task.Yield();
        yield return new ClipPrediction { Label = "x", Probability = 1, Probabilities = [1], Abstained = false, FrameCount = 0 };
    }
}

internal sealed class HangingTest : IPluginSelfTest
{
    // Blocks its thread and ignores its token: the worst case.
    public Task RunAsync(CancellationToken cancellationToken)
    {
        new ManualResetEvent(false).WaitOne();
        return Task.CompletedTask;
    }
}
