using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using MedGen.Abstractions.Augmentation;
using MedGen.Abstractions.Errors;
using MedGen.Abstractions.Frames;

namespace MedGen.Application.Tests;

/// <summary>The source's frames, brightened by the seed; waits after some clips when it is told to.</summary>
internal sealed class FakeAugmenter : IDatasetAugmenter
{
    private int _started;

    /// <summary>Held: clips after the first <see cref="FreeClips"/> wait until it is set, or cancelled.</summary>
    public TaskCompletionSource? Gate { get; set; }

    public int FreeClips { get; set; }

    public ConcurrentQueue<long> Finished { get; } = new();

    public IReadOnlyList<AugmentationMethodDescription> Methods { get; } =
    [
        new() { Name = "classic", Description = "Brighter.", Origin = ClipOrigin.Altered },
        new() { Name = "prompted", Description = "Generated.", Origin = ClipOrigin.Generated },
    ];

    public void Check(AugmentationMethod method)
    {
        if (method.Options.Contains("wrong", StringComparison.Ordinal))
        {
            throw new InvalidInputException("wrong", "is unknown.");
        }
    }

    public async IAsyncEnumerable<AugmentationUpdate> AugmentAsync(AugmentationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int number = Interlocked.Increment(ref _started);
        if (Gate is { } gate && number > FreeClips)
        {
            await gate.Task.WaitAsync(cancellationToken);
        }

        yield return new AugmentedClipDescription();
        await foreach (VideoFrame frame in request.Source.Clip.ReadFramesAsync(FrameSampling.All, cancellationToken))
        {
            byte[] pixels = frame.Pixels.ToArray();
            int at = (int)(request.Seed % (pixels.Length - 600));
            pixels.AsSpan(at, 600).Fill(200);
            yield return new AugmentedFrames { Frames = [VideoFrame.Wrap(pixels, frame.Width, frame.Height, frame.Index)] };
        }

        Finished.Enqueue(request.Seed);
    }
}
