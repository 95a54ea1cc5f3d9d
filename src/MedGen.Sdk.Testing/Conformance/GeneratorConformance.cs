using System.Text.Json;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Testing.Clips;

namespace MedGen.Sdk.Testing.Conformance;

/// <summary>What every generator must do.</summary>
/// <param name="generator">The generator.</param>
public sealed class GeneratorConformance(IVideoGenerator generator) : ConformanceSuite
{
    /// <summary>Names of the checks, in their order.</summary>
    public static IReadOnlyList<string> Checks { get; } =
        ["description", "clip", "same-request", "source-clip", "first-frame", "cancellation", "concurrency"];

    /// <summary>
    /// The request of every call; the checks alter the seed and add a source or a first frame. Default: 64 × 64 px, 5 frames, 2 steps.
    /// </summary>
    public VideoGenerationRequest Request { get; init; } = new()
    {
        Prompt = "a lung",
        Seed = 1,
        Width = 64,
        Height = 64,
        NumFrames = 5,
        FramesPerSecond = 8,
        NumInferenceSteps = 2,
        Deterministic = true,
    };

    private protected override IReadOnlyList<(string Name, Func<CancellationToken, Task> Run)> Tests =>
    [
        ("description", _ => DescribeAsync()),
        ("clip", token => GenerateAsync("clip", Request, token)),
        ("same-request", RepeatAsync),
        ("source-clip", token => AnswerOrRefuseAsync("source-clip", () => FromSourceAsync(token), token)),
        ("first-frame", BeginWithAsync),
        ("cancellation", token => CancelAsync(
            "cancellation",
            async (atWork, cancelled) =>
            {
                await foreach (GenerationUpdate update in generator.GenerateAsync(Request, cancelled).ConfigureAwait(false))
                {
                    Dispose(update);
                    atWork.TrySetResult();
                }
            },
            token)),
        ("concurrency", token => Task.WhenAll(Enumerable.Range(0, AtOnce).Select(seed => Task.Run(
            () => GenerateAsync("concurrency", Request with { Seed = seed }, token), token)))),
    ];

    private Task DescribeAsync()
    {
        const string Check = "description";
        GeneratorDescription? description = generator.Describe();
        Require(description is not null, Check, $"got null", "a description");
        Violations violations = new();
        description!.Check(violations);
        ThrowIfBroken(Check, violations);
        Require(
            JsonSerializer.Serialize(description) == JsonSerializer.Serialize(generator.Describe()), Check, $"the second differs from the first",
            "the same each time");
        return Task.CompletedTask;
    }

    private async Task RepeatAsync(CancellationToken cancellationToken)
    {
        const string Check = "same-request";
        byte[] first = await GenerateAsync(Check, Request, cancellationToken).ConfigureAwait(false);
        byte[] second = await GenerateAsync(Check, Request, cancellationToken).ConfigureAwait(false);
        Require(first.AsSpan().SequenceEqual(second), Check, $"the second clip differs from the first", "the same frames");
    }

    private async Task FromSourceAsync(CancellationToken cancellationToken)
    {
        TestClip clip = new() { Width = Request.Width, Height = Request.Height, NumFrames = Request.NumFrames };
        List<VideoFrame> frames = [];
        try
        {
            await foreach (VideoFrame frame in clip.ReadFramesAsync(FrameSampling.All, cancellationToken).ConfigureAwait(false))
            {
                frames.Add(frame);
            }

            await GenerateAsync("source-clip", Request with { SourceFrames = frames, Strength = 0.5 }, cancellationToken).ConfigureAwait(false);
            Require(frames.All(frame => !frame.Pixels.IsEmpty), "source-clip", $"a source frame is disposed", "frames that stay the caller's");
        }
        finally
        {
            frames.ForEach(frame => frame.Dispose());
        }
    }

    // A generator that says it takes no first frame gets none from the host. One that does may still have a model that takes none.
    private async Task BeginWithAsync(CancellationToken cancellationToken)
    {
        const string Check = "first-frame";
        if (!generator.Describe().TakesFirstFrame)
        {
            return;
        }

        try
        {
            byte[] dark = await BeginWithAsync(32, cancellationToken).ConfigureAwait(false);
            byte[] bright = await BeginWithAsync(224, cancellationToken).ConfigureAwait(false);
            Require(!dark.AsSpan().SequenceEqual(bright), Check, $"two pictures make the same clip", "a clip that begins with its picture");
        }
        catch (InvalidInputException refusal)
        {
            string[] fields = [.. refusal.Violations.Select(violation => violation.Field)];
            Require(fields is ["first_frame"], Check, $"a refusal of {string.Join(", ", fields)}", "a clip, or a refusal of first_frame");
        }
    }

    private async Task<byte[]> BeginWithAsync(byte grey, CancellationToken cancellationToken)
    {
        const string Check = "first-frame";
        (int width, int height) = (Request.Width * 3 / 2, Request.Height * 3 / 2);
        using VideoFrame picture = VideoFrame.Rent(width, height);
        picture.WritablePixels.Span.Fill(grey);
        byte[] clip = await GenerateAsync(Check, Request with { FirstFrame = picture }, cancellationToken).ConfigureAwait(false);
        Require(!picture.Pixels.IsEmpty, Check, $"the picture is disposed", "a picture that stays the caller's");
        return clip;
    }

    private async Task<byte[]> GenerateAsync(string check, VideoGenerationRequest request, CancellationToken cancellationToken)
    {
        await generator.ValidateAsync(request with { SourceFrames = null, FirstFrame = null }, cancellationToken).ConfigureAwait(false);
        ClipBuffer clip = new(new ClipShape { Width = request.Width, Height = request.Height, NumFrames = request.NumFrames });
        await foreach (GenerationUpdate update in generator.GenerateAsync(request, cancellationToken).ConfigureAwait(false))
        {
            Require(update is not null, check, $"got null", "an update");
            if (update is GenerationProgress progress)
            {
                Require(
                    progress.Completed >= 0 && progress.Completed <= progress.Total, check, $"progress: got {progress.Completed} of {progress.Total}",
                    "0 to the total");
            }

            Keep(check, update as GeneratedFrames, clip);
            Dispose(update!);
        }

        return Complete(check, clip.ToArray);
    }

    private static void Keep(string check, GeneratedFrames? generated, ClipBuffer clip)
    {
        foreach (VideoFrame frame in generated?.Frames ?? [])
        {
            Complete(check, () =>
            {
                clip.Add(frame);
                return true;
            });
        }
    }

    private static void Dispose(GenerationUpdate update)
    {
        foreach (VideoFrame frame in update switch
        {
            GeneratedFrames generated => generated.Frames,
            GenerationPreview preview => [preview.Frame],
            _ => [],
        })
        {
            frame.Dispose();
        }
    }
}
