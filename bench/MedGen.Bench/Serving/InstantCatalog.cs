using System.Runtime.CompilerServices;
using MedGen.Sdk.Classification;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Plugins;
using MedGen.Application.Plugins;

namespace MedGen.Bench.Serving;

/// <summary>One plugin, whose classifier answers each frame at once.</summary>
internal sealed class InstantCatalog : IPluginCatalog
{
    private static readonly PluginStatus Status = new() { Id = "instant", Version = "1.0.0", State = PluginState.Active, Name = "Instant", Since = default };

    public Task<PluginLease<T>> AcquireAsync<T>(PluginCapabilityKind kind, string? task, string? pluginId, CancellationToken cancellationToken)
        where T : class => new Classifier() is T service
            ? Task.FromResult(new PluginLease<T>(service, Status.Id, Status.Version, () => { }))
            : throw new FailedPreconditionException("NO_PLUGIN", "This catalog has a classifier only.");

    public IReadOnlyList<PluginStatus> List() => [Status];

    public PluginStatus GetStatus(string pluginId) => Status;

    public Task<PluginStatus> ReloadAsync(string pluginId, CancellationToken cancellationToken) => Task.FromResult(Status);

    public Task<PluginStatus> EnableAsync(string pluginId, CancellationToken cancellationToken) => Task.FromResult(Status);

    public Task<PluginStatus> DisableAsync(string pluginId, CancellationToken cancellationToken) => Task.FromResult(Status);

    public Task UseAsync(string task, string? pluginId, CancellationToken cancellationToken) => Task.CompletedTask;

    private sealed class Classifier : IVideoClassifier
    {
        public ClassifierDescription Description { get; } = new() { Task = "instant", Labels = ["one", "two"] };

        public async IAsyncEnumerable<ClassificationUpdate> ClassifyAsync(
            IVideoClip clip, ClassificationOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            options.RequireNoParameters();
            int count = 0;
            await foreach (VideoFrame frame in clip.ReadFramesAsync(FrameSampling.All, cancellationToken))
            {
                using (frame)
                {
                    count++;
                    yield return new FramePrediction { FrameIndex = frame.Index, Timestamp = frame.Timestamp, Label = "one", Probabilities = [1, 0] };
                }
            }

            yield return new ClipPrediction { Label = "one", Probability = 1, Probabilities = [1, 0], Abstained = false, FrameCount = count };
        }
    }
}
