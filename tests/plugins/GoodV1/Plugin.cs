using System.Runtime.CompilerServices;
using System.Text.Json;
using MedGen.Sdk.Classification;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Plugins;
using Microsoft.Extensions.DependencyInjection;

namespace GoodV1;

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

        // The serializer's shared options remember this type: unloading must survive it.
        Answer answer = JsonSerializer.Deserialize<Answer>(JsonSerializer.Serialize(new Answer("v1")))!;
        yield return new ClipPrediction { Label = answer.Label, Probability = 1, Probabilities = [1], Abstained = false, FrameCount = 0 };
    }
}

internal sealed record Answer(string Label);
