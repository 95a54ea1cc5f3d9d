using System.Text.Json;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Parameters;
using MedGen.Sdk.Testing.Clips;

namespace MedGen.Sdk.Testing.Conformance;

/// <summary>What every analyzer must do. Its answers are checked with <see cref="FindingRules"/>, as by the host.</summary>
/// <param name="analyzer">The analyzer.</param>
public sealed class AnalyzerConformance(IVideoAnalyzer analyzer) : ConformanceSuite
{
    /// <summary>Names of the checks, in their order.</summary>
    public static IReadOnlyList<string> Checks { get; } =
        ["description", "stored-clip", "live-clip", "smallest-clip", "empty-clip", "broken-clip", "cancellation", "concurrency"];

    /// <summary>Parameters of every call, a JSON object. Default: none.</summary>
    public string Parameters { get; init; } = ParameterSchema.NoParameters;

    /// <summary>
    /// The clip for an input, stored and whole; the checks alter it. Default: noise, 128 × 128 px, 17 frames; more if the input asks for it.
    /// </summary>
    public Func<AnalyzerInput, TestClip> ClipFor { get; init; } = input => new TestClip
    {
        Width = Math.Max(128, input.LeastSide),
        Height = Math.Max(128, input.LeastSide),
        NumFrames = Math.Max(17, input.LeastFrames),
    };

    private protected override IReadOnlyList<(string Name, Func<CancellationToken, Task> Run)> Tests =>
    [
        ("description", _ => DescribeAsync()),
        ("stored-clip", token => TakesStored ? AnalyzeAsync("stored-clip", ClipFor, token) : Task.CompletedTask),
        ("live-clip", token => TakesLive ? AnalyzeAsync("live-clip", input => ClipFor(input) with { IsLive = true }, token) : Task.CompletedTask),
        ("smallest-clip", token => AnalyzeAsync("smallest-clip", input => Fitting(ClipFor(input) with
        {
            Width = input.LeastSide,
            Height = input.LeastSide,
            NumFrames = input.LeastFrames,
        }), token)),
        ("empty-clip", token => RefuseAsync("empty-clip", input => ClipFor(input) with { NumFrames = 0 }, token)),
        ("broken-clip", token => RefuseAsync("broken-clip", input => ClipFor(input) with { BreaksAfter = ClipFor(input).NumFrames / 2 }, token)),
        ("cancellation", CancelAsync),
        ("concurrency", token => Task.WhenAll(Enumerable.Range(0, AtOnce).Select(seed => Task.Run(
            () => AnalyzeAsync("concurrency", input => Fitting(ClipFor(input) with { Seed = seed }), token), token)))),
    ];

    private bool TakesStored => analyzer.Describe().Inputs.All(input => input.Stored);

    private bool TakesLive => analyzer.Describe().Inputs.All(input => input.Live);

    // Stored, where it may be.
    private TestClip Fitting(TestClip clip) => TakesStored ? clip : clip with { IsLive = true };

    private Task DescribeAsync()
    {
        const string Check = "description";
        AnalyzerDescription? description = analyzer.Describe();
        Require(description is not null, Check, $"got null", "a description");
        Violations violations = new();
        description!.Check(violations);
        ThrowIfBroken(Check, violations);
        Require(
            JsonSerializer.Serialize(description) == JsonSerializer.Serialize(analyzer.Describe()), Check, $"the second differs from the first",
            "the same each time");
        return Task.CompletedTask;
    }

    // As a host does: in the first format that the clip can have; a live one has no values of 16 bits.
    private static TestClip InFormat(AnalyzerInput input, TestClip clip) =>
        clip with { Format = input.Formats.FirstOrDefault(format => !clip.IsLive || format != FrameFormat.Gray16) };

    private Task RefuseAsync(string check, Func<AnalyzerInput, TestClip> clipFor, CancellationToken cancellationToken) =>
        AnswerOrRefuseAsync(check, () => AnalyzeAsync(check, input => Fitting(clipFor(input)), cancellationToken), cancellationToken);

    private async Task AnalyzeAsync(string check, Func<AnalyzerInput, TestClip> clipFor, CancellationToken cancellationToken)
    {
        AnalyzerDescription description = analyzer.Describe();
        Dictionary<string, TestClip> clips = description.Inputs.ToDictionary(
            input => input.Role, input => InFormat(input, clipFor(input)), StringComparer.Ordinal);
        await analyzer.ValidateAsync(new AnalysisRequest { Parameters = Parameters }, cancellationToken).ConfigureAwait(false);
        FindingRules rules = new(description, clips.ToDictionary(clip => clip.Key, clip => clip.Value.Info, StringComparer.Ordinal));
        await foreach (AnalysisUpdate update in analyzer.AnalyzeAsync(RequestOf(clips), cancellationToken).ConfigureAwait(false))
        {
            Violations violations = new();
            rules.Check(update, violations);
            ThrowIfBroken(check, violations);
            if (clips.Values.First() is { IsLive: true } live && update is InterimFindings interim)
            {
                CheckInTime(check, interim, live);
            }
        }

        Require(rules.IsCompleted, check, $"the answer ended without AnalysisCompleted", "one, last");
        int held = clips.Values.Sum(clip => clip.FramesHeld);
        Require(held == 0, check, $"{held} frames are not disposed", "none");
    }

    private static void CheckInTime(string check, InterimFindings interim, TestClip live)
    {
        foreach (FrameScope scope in interim.Findings.Select(finding => finding.Scope).OfType<FrameScope>())
        {
            Require(
                scope.Index == live.LastIndex, check, $"the findings of frame {scope.Index} came after frame {live.LastIndex} was read",
                "before the next one is read");
        }
    }

    private Task CancelAsync(CancellationToken cancellationToken) => CancelAsync(
        "cancellation",
        async (atWork, token) =>
        {
            Dictionary<string, TestClip> clips = analyzer.Describe().Inputs.ToDictionary(
                input => input.Role,
                input => InFormat(input, Fitting(ClipFor(input) with { StaysOpen = true, OnRead = atWork.TrySetResult })));
            await foreach (AnalysisUpdate _ in analyzer.AnalyzeAsync(RequestOf(clips), token).ConfigureAwait(false))
            {
            }
        },
        cancellationToken);

    private AnalysisRequest RequestOf(Dictionary<string, TestClip> clips) => new()
    {
        Inputs = [.. clips.Select(clip => new InputClip { Role = clip.Key, Clip = clip.Value })],
        Parameters = Parameters,
    };
}
