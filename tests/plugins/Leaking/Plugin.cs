using System.Runtime.CompilerServices;
using MedGen.Abstractions.Classification;
using MedGen.Abstractions.Frames;
using MedGen.Abstractions.Plugins;
using Microsoft.Extensions.DependencyInjection;

namespace Leaking;

public sealed class Plugin : IMedGenPlugin
{
    public void ConfigureServices(IServiceCollection services, PluginContext context) 
    {
        services.AddSingleton<IVideoClassifier, LabelClassifier>();

        // A handler on an event of the runtime, never taken off: the runtime then refers to this plugin for ever.
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    private static void OnExit(object? sender, EventArgs e)
    {
    }
}

internal sealed class LabelClassifier : IVideoClassifier
{
    public ClassifierDescription Description { get; } = new() { Task = "test-leaking", Labels = ["one"] };

    public async IAsyncEnumerable<ClassificationUpdate> ClassifyAsync(IVideoClip clip, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        yield return new ClipPrediction { Label = "x", Probability = 1, Probabilities = [1], Abstained = false, FrameCount = 0 };
    }
}
