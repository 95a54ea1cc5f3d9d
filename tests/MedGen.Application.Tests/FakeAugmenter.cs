using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Parameters;

namespace MedGen.Application.Tests;

/// <summary>The source's frames, brightened by the seed; waits after some clips when it is told to.</summary>
internal sealed class FakeAugmenter : IDatasetAugmenter
{
    private int _started;

    /// <summary>Held: clips after the first <see cref="FreeClips"/> wait until it is set, or cancelled.</summary>
    public TaskCompletionSource? Gate { get; set; }

    public int FreeClips { get; set; }

    public ConcurrentQueue<long> Finished { get; } = new();

    public AugmenterDescription Describe() => new()
    {
        Summary = "Brighter.",
        Methods =
        [
            new() { Name = "classic", Description = "Brighter.", Origin = ClipOrigin.Altered },
            new() { Name = "prompted", Description = "Generated.", Origin = ClipOrigin.Generated },
            new() { Name = "blurred", Description = "Blurred.", Origin = ClipOrigin.Altered, OptionsSchema = BlurSchema() },
            new() { Name = "adapted", Description = "Generated with an adapter that is trained first.", Origin = ClipOrigin.Generated },
        ],
    };

    /// <summary>What the options of "blurred" may be, each time that it is asked.</summary>
    public Func<string> BlurSchema { get; set; } = ParameterSchema.Of<Blur>;

    /// <summary>What each question waits for before it is answered; null: nothing.</summary>
    public Func<CancellationToken, Task>? Thinks { get; set; }

    public async Task ValidateAsync(AugmentationMethod method, CancellationToken cancellationToken)
    {
        await (Thinks?.Invoke(cancellationToken) ?? Task.CompletedTask);
        if (method.Options.Contains("wrong", StringComparison.Ordinal))
        {
            throw new InvalidInputException("wrong", "is unknown.");
        }
    }

    public Task<AdapterNeed?> GetAdapterAsync(AugmentationMethod method, CancellationToken cancellationToken) => Task.FromResult(AdapterOf(method));

    // The name of an adapter is all that the options of "prompted" can say here.
    private static AdapterNeed? AdapterOf(AugmentationMethod method) => method switch
    {
        { Name: "adapted" } => new TrainedAdapter { Scope = AdapterScope.Dataset, Steps = 1, Rank = 1, LearningRate = 1, BatchSize = 1 },
        { Name: "prompted", Options: not "{}" } => new NamedAdapter { Name = JsonDocument.Parse(method.Options).RootElement.GetProperty("adapter").GetString()! },
        _ => null,
    };

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

    private sealed record Blur
    {
        [Range(0.5, 8.0)]
        public double Radius { get; init; } = 1;

        [MinLength(1)]
        public IReadOnlyList<int> Frames { get; init; } = [0];
    }
}
