using System.Text.Json;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Testing.Clips;

namespace MedGen.Sdk.Testing.Conformance;

/// <summary>
/// What every augmenter must do, for each of its methods. Methods that ask for an adapter are called without one.
/// </summary>
/// <param name="augmenter">The augmenter.</param>
public sealed class AugmenterConformance(IDatasetAugmenter augmenter) : ConformanceSuite
{
    /// <summary>Names of the checks, in their order.</summary>
    public static IReadOnlyList<string> Checks { get; } = ["description", "unknown-method", "clip", "same-request", "cancellation", "concurrency"];

    /// <summary>Options of a method, a JSON object. Default: none.</summary>
    public Func<AugmentationMethodDescription, string> OptionsFor { get; init; } = _ => "{}";

    /// <summary>Shape of every clip that is asked for. Default: 64 × 64 px, 5 frames.</summary>
    public ClipShape Shape { get; init; } = new() { Width = 64, Height = 64, NumFrames = 5 };

    private protected override IReadOnlyList<(string Name, Func<CancellationToken, Task> Run)> Tests =>
    [
        ("description", _ => CheckDescriptionAsync()),
        ("unknown-method", RefuseUnknownAsync),
        ("clip", token => ForEachMethodAsync(method => AugmentAsync("clip", method, 1, token), token)),
        ("same-request", token => ForEachMethodAsync(method => RepeatAsync(method, token), token)),
        ("cancellation", token => ForEachMethodAsync(method => CancelAsync(
            "cancellation",
            async (atWork, cancelled) =>
            {
                await foreach (AugmentationUpdate update in augmenter.AugmentAsync(RequestFor(method, 1), cancelled).ConfigureAwait(false))
                {
                    Dispose(update);
                    atWork.TrySetResult();
                }
            },
            token), token)),
        ("concurrency", token => ForEachMethodAsync(method => Task.WhenAll(Enumerable.Range(0, AtOnce).Select(seed => Task.Run(
            () => AugmentAsync("concurrency", method, seed, token), token))), token)),
    ];

    private Task CheckDescriptionAsync()
    {
        const string Check = "description";
        AugmenterDescription? description = augmenter.Describe();
        Require(description is not null, Check, $"got null", "a description");
        Violations violations = new();
        description!.Check(violations);
        ThrowIfBroken(Check, violations);
        Require(
            JsonSerializer.Serialize(description) == JsonSerializer.Serialize(augmenter.Describe()), Check, $"the second differs from the first",
            "the same each time");
        return Task.CompletedTask;
    }

    private async Task RefuseUnknownAsync(CancellationToken cancellationToken)
    {
        const string Check = "unknown-method";
        try
        {
            await augmenter.ValidateAsync(new AugmentationMethod { Name = "no-such-method" }, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidInputException)
        {
            return;
        }

        throw new ConformanceException(Check, "ValidateAsync lets a method pass that the description does not have", "InvalidInputException");
    }

    private async Task ForEachMethodAsync(Func<AugmentationMethod, Task> run, CancellationToken cancellationToken)
    {
        foreach (AugmentationMethodDescription description in augmenter.Describe().Methods)
        {
            AugmentationMethod method = new() { Name = description.Name, Options = OptionsFor(description) };
            await augmenter.ValidateAsync(method, cancellationToken).ConfigureAwait(false);
            await run(method).ConfigureAwait(false);
        }
    }

    private async Task RepeatAsync(AugmentationMethod method, CancellationToken cancellationToken)
    {
        const string Check = "same-request";
        byte[] first = await AugmentAsync(Check, method, 1, cancellationToken).ConfigureAwait(false);
        await AugmentAsync(Check, method, 2, cancellationToken).ConfigureAwait(false);
        byte[] second = await AugmentAsync(Check, method, 1, cancellationToken).ConfigureAwait(false);
        Require(
            first.AsSpan().SequenceEqual(second), Check, $"{method.Name}: the second clip differs from the first", "the same frames");
    }

    private async Task<byte[]> AugmentAsync(string check, AugmentationMethod method, long seed, CancellationToken cancellationToken)
    {
        ClipBuffer clip = new(Shape);
        int descriptions = 0;
        AugmentationRequest request = RequestFor(method, seed);
        await foreach (AugmentationUpdate update in augmenter.AugmentAsync(request, cancellationToken).ConfigureAwait(false))
        {
            switch (update)
            {
                case AugmentedClipDescription { LabelWeights: { Count: > 0 } weights }:
                    descriptions++;
                    double sum = weights.Values.Sum();
                    Require(Math.Abs(sum - 1) <= 1e-6, check, $"{method.Name}: label_weights add up to {sum}", "1");
                    break;
                case AugmentedClipDescription:
                    descriptions++;
                    break;
                case AugmentedFrames { Frames: var frames }:
                    Complete(check, () =>
                    {
                        frames.ToList().ForEach(clip.Add);
                        return true;
                    });
                    break;
            }

            Dispose(update);
        }

        Require(descriptions == 1, check, $"{method.Name}: got {descriptions} descriptions", "one");
        int held = new[] { request.Source, request.Partner! }.Sum(source => ((TestClip)source.Clip).FramesHeld);
        Require(held == 0, check, $"{method.Name}: {held} source frames are not disposed", "none");
        return Complete(check, clip.ToArray);
    }

    private AugmentationRequest RequestFor(AugmentationMethod method, long seed) => new()
    {
        Method = method,
        Label = "lung",
        Source = SourceOf(1),
        Partner = SourceOf(2),
        Seed = seed,
        Shape = Shape,
    };

    private SourceClip SourceOf(int seed) => new()
    {
        Id = $"lung/{seed}.mp4",
        Label = "lung",
        Caption = "a lung",
        Clip = new TestClip
        {
            Width = Shape.Width,
            Height = Shape.Height,
            NumFrames = Shape.NumFrames,
            FramesPerSecond = Shape.FramesPerSecond,
            Seed = seed,
        },
    };

    private static void Dispose(AugmentationUpdate update)
    {
        foreach (VideoFrame frame in (update as AugmentedFrames)?.Frames ?? [])
        {
            frame.Dispose();
        }
    }
}
