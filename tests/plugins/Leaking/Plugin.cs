using System.Runtime.CompilerServices;
using MedGen.Sdk.Classification;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Plugins;
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

    public async IAsyncEnumerable<ClassificationUpdate> ClassifyAsync(
        IVideoClip clip, ClassificationOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        options.RequireNoParameters();
        await Task.Yield();
        yield return new ClipPrediction { Label = "x", Probability = 1, Probabilities = [1], Abstained = false, FrameCount = 0 };
    }
}
