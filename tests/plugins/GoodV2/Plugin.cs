using System.Runtime.CompilerServices;
using MedGen.Abstractions.Classification;
using MedGen.Abstractions.Frames;
using MedGen.Abstractions.Plugins;
using Microsoft.Extensions.DependencyInjection;

namespace GoodV2;

public sealed class Plugin : IMedGenPlugin
{
    public void ConfigureServices(IServiceCollection services, PluginContext context) =>
        services.AddSingleton<IVideoClassifier, LabelClassifier>();
}

internal sealed class LabelClassifier : IVideoClassifier
{
    public ClassifierDescription Description { get; } = new() { Task = "test-good", Labels = ["one"] };

    public async IAsyncEnumerable<ClassificationUpdate> ClassifyAsync(IVideoClip clip, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        yield return new ClipPrediction { Label = "v2", Probability = 1, Probabilities = [1], Abstained = false, FrameCount = 0 };
    }
}
