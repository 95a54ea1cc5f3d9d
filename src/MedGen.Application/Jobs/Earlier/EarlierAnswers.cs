using MedGen.Sdk.Analysis;

namespace MedGen.Application.Jobs.Earlier;

/// <summary>An answer as it was stored before there were findings: read, never written.</summary>
public interface IEarlierAnswer
{
    /// <summary>The same as findings.</summary>
    /// <returns>What is stored today for the same answer.</returns>
    FindingsReported ToFindings();
}

/// <summary>The answer for one frame.</summary>
public sealed record FrameClassified : JobEventPayload, IEarlierAnswer
{
    /// <summary>The answer.</summary>
    public required EarlierPrediction Prediction { get; init; }

    /// <summary>Who answered.</summary>
    public required EarlierClassifier Classifier { get; init; }

    /// <inheritdoc />
    public FindingsReported ToFindings() =>
        Classifier.Report(Prediction.ToFinding(Classifier, FindingScope.Frame(Prediction.FrameIndex, Prediction.Timestamp)), interim: true);
}

/// <summary>One label had given way to another.</summary>
public sealed record TransitionClassified : JobEventPayload, IEarlierAnswer
{
    /// <summary>The transition.</summary>
    public required EarlierTransition Transition { get; init; }

    /// <inheritdoc />
    public FindingsReported ToFindings() => EarlierClassifier.Unknown.Report(
        new TransitionFinding
        {
            Output = EarlierClassifier.Output,
            Scope = FindingScope.Frame(0, Transition.DetectedAt),
            From = Transition.From,
            To = Transition.To,
            Onset = Transition.OnsetEstimate,
            Confidence = Transition.Confidence,
        },
        interim: false);
}

/// <summary>The answer for the whole clip. Its course, where it had one, is not read.</summary>
public sealed record ClipClassified : JobEventPayload, IEarlierAnswer
{
    /// <summary>The answer.</summary>
    public required EarlierPrediction Prediction { get; init; }

    /// <summary>Who answered.</summary>
    public required EarlierClassifier Classifier { get; init; }

    /// <inheritdoc />
    public FindingsReported ToFindings() => Classifier.Report(Prediction.ToFinding(Classifier, FindingScope.Clip), interim: false);
}

/// <summary>What is still read of an answer.</summary>
public sealed record EarlierPrediction
{
    /// <summary>The label.</summary>
    public required string Label { get; init; }

    /// <summary>Probabilities in the order of the classifier's labels.</summary>
    public required IReadOnlyList<double> Probabilities { get; init; }

    /// <summary>Zero-based position of the frame; 0 for a clip.</summary>
    public long FrameIndex { get; init; }

    /// <summary>Presentation time of the frame; 0 for a clip.</summary>
    public TimeSpan Timestamp { get; init; }

    internal LabelFinding ToFinding(EarlierClassifier classifier, FindingScope scope) => new()
    {
        Output = EarlierClassifier.Output,
        Scope = scope,
        Labels = [Label],
        Probabilities = Probabilities.Count == classifier.Labels.Count ? Probabilities : [],
    };
}

/// <summary>What is still read of a transition.</summary>
public sealed record EarlierTransition
{
    /// <summary>The label before.</summary>
    public required string From { get; init; }

    /// <summary>The label after.</summary>
    public required string To { get; init; }

    /// <summary>When it was decided.</summary>
    public required TimeSpan DetectedAt { get; init; }

    /// <summary>When the new label probably began.</summary>
    public required TimeSpan OnsetEstimate { get; init; }

    /// <summary>Mean probability of the new label in between.</summary>
    public required double Confidence { get; init; }
}

/// <summary>Who had answered.</summary>
public sealed record EarlierClassifier
{
    internal const string Output = "label";

    /// <summary>Id of the plugin.</summary>
    public required string PluginId { get; init; }

    /// <summary>Version of the plugin.</summary>
    public required string PluginVersion { get; init; }

    /// <summary>Task.</summary>
    public required string Task { get; init; }

    /// <summary>All labels, in the order of the probabilities.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Label given when it declined to decide; null: it always decided.</summary>
    public string? AbstentionLabel { get; init; }

    /// <summary>SHA-256 of the weights; null: it did not say.</summary>
    public string? WeightsHash { get; init; }

    internal static EarlierClassifier Unknown { get; } = new() { PluginId = "", PluginVersion = "", Task = "", Labels = [] };

    internal FindingsReported Report(Finding finding, bool interim) => new()
    {
        Findings = [finding],
        Interim = interim,
        Analyzer = new AnalyzerIdentity
        {
            PluginId = PluginId,
            PluginVersion = PluginVersion,
            Task = Task,
            Weights = WeightsHash is null ? [] : [WeightsHash],
            Outputs =
            [
                new AnalyzerOutput
                {
                    Name = Output,
                    Description = "The label of a classifier.",
                    Kind = OutputKind.Labels,
                    Labels = OutputLabel.Of(Labels),
                    Exclusive = true,
                    AbstentionLabel = AbstentionLabel,
                },
            ],
        },
    };
}
