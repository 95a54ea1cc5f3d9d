using System.Runtime.CompilerServices;
using MedGen.Sdk.Classification;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Serving;
using MedGen.Sdk.Plugins;
using MedGen.Sdk.Torch.Execution;
using Microsoft.Extensions.DependencyInjection;
using TorchSharp;

namespace OwnTorch;

public sealed class Plugin : IMedGenPlugin
{
    public void ConfigureServices(IServiceCollection services, PluginContext context) =>
        services.AddSingleton<IVideoClassifier, LabelClassifier>();
}

internal sealed class LabelClassifier(IDeviceExecutor executor) : IVideoClassifier
{
    public ClassifierDescription Description { get; } = new() { Task = "test-own-torch", Labels = ["one"] };

    public async IAsyncEnumerable<ClassificationUpdate> ClassifyAsync(
        IVideoClip clip, ClassificationOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        options.RequireNoParameters();
        await Task.Yield();
        yield return new ClipPrediction { Label = await SumAsync(cancellationToken), Probability = 1, Probabilities = [1], Abstained = false, FrameCount = 0 };
    }

    // A tensor made here and read through the host's type: it only works when both mean the same TorchSharp.
    private Task<string> SumAsync(CancellationToken cancellationToken) => executor.RunAsync(
        _ => $"{torch.ones(2, 3).sum().item<float>()} {typeof(torch.Tensor).Assembly.GetHashCode()}", ServicePriority.Normal, cancellationToken);
}
