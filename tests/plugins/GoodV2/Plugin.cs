using System.Runtime.CompilerServices;
using MedGen.Sdk.Classification;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Plugins;
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

    public async IAsyncEnumerable<ClassificationUpdate> ClassifyAsync(
        IVideoClip clip, ClassificationOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        options.RequireNoParameters();
        await Task.Yield();
        yield return new ClipPrediction { Label = "v2", Probability = 1, Probabilities = [1], Abstained = false, FrameCount = 0 };
    }
}
