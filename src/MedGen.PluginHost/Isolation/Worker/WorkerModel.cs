using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;

namespace MedGen.PluginHost.Isolation.Worker;

/// <summary>The host's model, for features.</summary>
internal sealed class WorkerModel(WorkerChannel channel) : IMedGenModel
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource<ModelFeatures>> _asked = [];
    private int _last;

    /// <summary>What is loaded, as the host said last; null: nothing yet.</summary>
    public ModelDescription? Loaded { get; set; }

    public ModelDescription Description => Loaded ?? throw new FailedPreconditionException("MODEL_NOT_LOADED", "The host has no model loaded.");

    public IAsyncEnumerable<GenerationUpdate> GenerateAsync(VideoGenerationRequest request, CancellationToken cancellationToken) =>
        throw new FailedPreconditionException("NOT_ISOLATED", "A plugin in a process of its own borrows the model's features, not generations.");

    public async Task<ModelFeatures> ExtractFeaturesAsync(
        IReadOnlyList<VideoFrame> frames, string layer, double timestep, CancellationToken cancellationToken)
    {
        if (frames.Count == 0 || frames.Any(frame => (frame.Width, frame.Height) != (frames[0].Width, frames[0].Height)))
        {
            throw new InvalidInputException("frames", $"got {frames.Count} frames; allowed: at least one, all of one size.");
        }

        int number = Interlocked.Increment(ref _last);
        TaskCompletionSource<ModelFeatures> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[number] = answer;
        try
        {
            byte[] pixels = new byte[frames.Sum(frame => frame.Pixels.Length)];
            foreach ((int i, VideoFrame frame) in frames.Index())
            {
                frame.Pixels.CopyTo(pixels.AsMemory(i * frame.Pixels.Length));
            }

            ExtractFeatures question = new(number, layer, timestep, frames[0].Width, frames[0].Height, frames.Count)
            {
                Call = WorkerSideCall.CurrentId,
            };
            await channel.SendAsync(question, pixels, cancellationToken).ConfigureAwait(false);
            return await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _asked.TryRemove(number, out _);
        }
    }

    /// <summary>Takes an answer.</summary>
    public void Take(Features features, byte[] payload)
    {
        if (!_asked.TryGetValue(features.Request, out TaskCompletionSource<ModelFeatures>? answer))
        {
            return;
        }

        if (features.Error is { } error)
        {
            answer.TrySetException(error.ToException());
        }
        else
        {
            answer.TrySetResult(new ModelFeatures
            {
                Layer = features.Layer, Shape = features.Shape, Values = MemoryMarshal.Cast<byte, float>(payload).ToArray(),
            });
        }
    }
}
