using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Sdk.Analysis;

/// <summary>
/// What the updates of one analysis must keep to: outputs and labels that the description has, numbers in their ranges, places within the clip,
/// times in order, sizes and counts. The host checks every update with it, and a plugin's own tests can do the same.
/// </summary>
/// <param name="description">The analyzer's description; it has passed <see cref="AnalyzerDescription.Check"/>.</param>
/// <param name="inputs">What is known of the clips, by role.</param>
public sealed class FindingRules(AnalyzerDescription description, IReadOnlyDictionary<string, VideoInfo> inputs)
{
    /// <summary>Most findings in one update.</summary>
    public const int MostAtOnce = 10_000;

    /// <summary>Most final findings of one analysis.</summary>
    public const int MostInAll = 1_000_000;

    /// <summary>Longest <see cref="TextFinding.Text"/> in characters.</summary>
    public const int LongestText = 65_536;

    /// <summary>Largest <see cref="ArtifactFinding.Content"/> in bytes.</summary>
    public const int LargestArtifact = 64 << 20;

    private const double SumTolerance = 1e-3;
    private const double EdgeTolerance = 0.5; // px

    private readonly Dictionary<string, AnalyzerOutput> _outputs = description.Outputs.ToDictionary(output => output.Name, StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _labels = description.Outputs.ToDictionary(
        output => output.Name, output => output.Labels.Select(label => label.Name).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
    private TimeSpan _latest;
    private int _framesDone;
    private long _finals;

    /// <summary>Whether <see cref="AnalysisCompleted"/> has come.</summary>
    public bool IsCompleted { get; private set; }

    /// <summary>Checks the next update.</summary>
    /// <param name="update">The update.</param>
    /// <param name="violations">Takes what is wrong; fields are named in snake_case, for instance <c>findings[3].probabilities</c>.</param>
    public void Check(AnalysisUpdate update, Violations violations)
    {
        ArgumentNullException.ThrowIfNull(violations);
        if (IsCompleted)
        {
            violations.Add("update", "comes after the analysis was completed; allowed: nothing.");
            return;
        }

        switch (update)
        {
            case AnalysisProgress progress:
                violations.Within<int>("frames_done", progress.FramesDone, _framesDone, int.MaxValue);
                violations.Require(
                    progress.FramesTotal == 0 || progress.FramesTotal >= progress.FramesDone, "frames_total", $"got {progress.FramesTotal}",
                    $"0, or at least frames_done, {progress.FramesDone}");
                _framesDone = Math.Max(_framesDone, progress.FramesDone);
                break;
            case InterimFindings interim:
                CheckAll(interim.Findings, areInterim: true, violations);
                break;
            case FinalFindings final:
                CheckAll(final.Findings, areInterim: false, violations);
                _finals += final.Findings?.Count ?? 0;
                violations.Require(_finals <= MostInAll, "findings", $"has more than {MostInAll} in all", $"{MostInAll}");
                break;
            case AnalysisCompleted completed:
                violations.Within<int>("frames_analyzed", completed.FramesAnalyzed, 0, int.MaxValue);
                IsCompleted = true;
                break;
            default:
                violations.Add("update", "is null; allowed: an update of the SDK.");
                break;
        }
    }

    private void CheckAll(IReadOnlyList<Finding>? findings, bool areInterim, Violations violations)
    {
        if (findings is not { Count: <= MostAtOnce })
        {
            violations.Add("findings", $"has {findings?.Count ?? 0}", $"a list of at most {MostAtOnce}");
            return;
        }

        for (int i = 0; i < findings.Count; i++)
        {
            // One bad finding says what is wrong; ten thousand of them say no more.
            if (violations.Found.Count > 0)
            {
                return;
            }

            Violations at = violations.In($"findings[{i}]");
            if (findings[i] is not { } finding || finding.Output is null || !_outputs.TryGetValue(finding.Output, out AnalyzerOutput? output))
            {
                at.Add("output", $"got '{findings[i]?.Output}'", $"{string.Join(", ", _outputs.Keys)}");
                continue;
            }

            CheckScope(finding.Scope, areInterim, at);
            if (finding.Role is not null && !inputs.ContainsKey(finding.Role))
            {
                at.Add("role", $"got '{finding.Role}'", $"{string.Join(", ", inputs.Keys)}");
                continue;
            }

            CheckValue(finding, output, at);
        }
    }

    private void CheckScope(FindingScope? scope, bool areInterim, Violations at)
    {
        switch (scope)
        {
            case ClipScope:
                break;
            case SpanScope span:
                at.Require(span.Start >= TimeSpan.Zero, "scope.start", $"got {span.Start.TotalSeconds} s", $"at least 0 s");
                at.Require(span.End > span.Start, "scope.end", $"got {span.End.TotalSeconds} s", $"after start, {span.Start.TotalSeconds} s");
                break;
            case FrameScope frame:
                at.Require(frame.Index >= 0, "scope.index", $"got {frame.Index}", $"at least 0");

                // Final findings may be sorted by output or by track; what is told while the clip runs follows the clip.
                TimeSpan least = areInterim ? _latest : TimeSpan.Zero;
                at.Require(
                    frame.Timestamp >= least, "scope.timestamp", $"got {frame.Timestamp.TotalSeconds} s", $"at least {least.TotalSeconds} s");
                _latest = areInterim ? frame.Timestamp : _latest;
                break;
            default:
                at.Add("scope", "is null; allowed: the clip, a span or a frame.");
                break;
        }
    }

    private void CheckValue(Finding finding, AnalyzerOutput output, Violations at)
    {
        bool fits = (finding, output.Kind) switch
        {
            (LabelFinding, OutputKind.Labels) or (MeasurementFinding, OutputKind.Measurement) or (BoxFinding, OutputKind.Boxes) => true,
            (PolygonFinding, OutputKind.Polygons) or (MaskFinding, OutputKind.Masks) or (KeypointFinding, OutputKind.Keypoints) => true,
            (TextFinding, OutputKind.Text) or (ArtifactFinding, OutputKind.Artifact) => true,
            (TransitionFinding, OutputKind.Labels) => output.Exclusive,
            _ => false,
        };
        if (!fits)
        {
            at.Add("kind", $"got {finding.GetType().Name}", $"one of the output's kind, {output.Kind}");
            return;
        }

        switch (finding)
        {
            case LabelFinding labels:
                CheckLabels(labels, output, at);
                break;
            case TransitionFinding transition:
                CheckTransition(transition, output, at);
                break;
            case MeasurementFinding measurement:
                CheckMeasurement(measurement, output, at);
                break;
            case RegionFinding region:
                KnownLabel(output, region.Label, "label", at);
                at.Within<double>("score", region.Score, 0, 1);
                at.Within<long>("track", region.Track, 0, long.MaxValue);
                RegionRules.Check(region, InfoOf(region.Role), EdgeTolerance, at);
                break;
            case TextFinding text:
                Length(text.Text, 1, LongestText, "text", at);
                Length(text.Language, 2, 35, "language", at);
                break;
            case ArtifactFinding artifact:
                Length(artifact.FileName, 1, 255, "file_name", at);
                at.Require(Path.GetFileName(artifact.FileName) == artifact.FileName, "file_name", $"has a folder", $"a name alone");
                Length(artifact.MediaType, 3, 255, "media_type", at);
                at.Within<int>("content", artifact.Content.Length, 1, LargestArtifact);
                at.Require(artifact.ArtifactId is null, "artifact_id", $"is given", $"null");
                break;
        }
    }

    private void CheckLabels(LabelFinding finding, AnalyzerOutput output, Violations at)
    {
        IReadOnlyList<string> labels = finding.Labels ?? [];
        at.Require(!output.Exclusive || labels.Count == 1, "labels", $"has {labels.Count}", $"1, as the output is exclusive");
        at.Require(labels.Count <= output.Labels.Count, "labels", $"has {labels.Count}", $"at most {output.Labels.Count}");
        foreach (string label in labels.Take(output.Labels.Count))
        {
            if (label is null || label != output.AbstentionLabel)
            {
                KnownLabel(output, label, "labels", at);
            }
        }

        IReadOnlyList<double> probabilities = finding.Probabilities ?? [];
        if (probabilities.Count != 0 && probabilities.Count != output.Labels.Count)
        {
            at.Add("probabilities", $"has {probabilities.Count}", $"one for each of the {output.Labels.Count} labels, or none");
            return;
        }

        foreach (double probability in probabilities)
        {
            at.Within<double>("probabilities", probability, 0, 1);
        }

        double sum = probabilities.Sum();
        at.Require(
            !output.Exclusive || probabilities.Count == 0 || Math.Abs(sum - 1) <= SumTolerance, "probabilities", $"add up to {sum}",
            $"1 ± {SumTolerance}, as the output is exclusive");
        at.Require(Enum.IsDefined(finding.State), "state", $"got {(int)finding.State}", $"a state of the SDK");
        at.Require(!(finding.Since < TimeSpan.Zero), "since", $"got {finding.Since?.TotalSeconds} s", $"at least 0 s");
    }

    private void CheckTransition(TransitionFinding transition, AnalyzerOutput output, Violations at)
    {
        KnownLabel(output, transition.From, "from", at);
        KnownLabel(output, transition.To, "to", at);
        at.Within<double>("confidence", transition.Confidence, 0, 1);
        if (transition.Scope is FrameScope { Timestamp: var decided })
        {
            at.Require(
                transition.Onset >= TimeSpan.Zero && transition.Onset <= decided, "onset", $"got {transition.Onset.TotalSeconds} s",
                $"0 s to the time of the frame, {decided.TotalSeconds} s");
        }
        else
        {
            at.Add("scope", "is no frame; allowed: the frame at which the transition was decided.");
        }
    }

    private static void CheckMeasurement(MeasurementFinding measurement, AnalyzerOutput output, Violations at)
    {
        at.Within<double>("value", measurement.Value, output.Minimum ?? double.MinValue, output.Maximum ?? double.MaxValue);
        at.Require(measurement.Method is not { Length: > 256 }, "method", $"has {measurement.Method?.Length} characters", $"at most 256");
        if (measurement.Interval is { } interval)
        {
            at.Within<double>("interval.low", interval.Low, double.MinValue, measurement.Value);
            at.Within<double>("interval.high", interval.High, measurement.Value, double.MaxValue);
            at.Require(interval.Level is > 0 and < 1, "interval.level", $"got {interval.Level}", $"above 0 and below 1");
        }
    }

    private void KnownLabel(AnalyzerOutput output, string? label, string field, Violations at)
    {
        if (label is null || !_labels[output.Name].Contains(label))
        {
            at.Add(field, $"has a label that is none of the output's", $"{string.Join(", ", output.Labels.Take(20).Select(known => known.Name))}");
        }
    }

    private VideoInfo? InfoOf(string? role) => role is not null ? inputs[role] : inputs.Count == 1 ? inputs.Values.First() : null;

    private static void Length(string? text, int least, int most, string field, Violations at) =>
        at.Require(text?.Length >= least && text.Length <= most, field, $"has {text?.Length ?? 0} characters", $"{least} to {most}");
}
