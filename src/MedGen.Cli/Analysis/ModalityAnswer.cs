using MedGen.Classifiers.Training.ImagingModality;
using MedGen.Protos.V1;

namespace MedGen.Cli.Analysis;

/// <summary>The modality of a clip.</summary>
/// <param name="Label">DICOM defined term, or <c>unknown</c>.</param>
/// <param name="Abstained">Whether the classifier declined to name one.</param>
/// <param name="Probabilities">Probability of each label, in the classifier's order.</param>
/// <param name="Frames">Number of frames that voted.</param>
/// <param name="Analyzer">Who answered.</param>
internal sealed record ModalityAnswer(string Label, bool Abstained, IReadOnlyList<LabelProbability> Probabilities, long Frames, Analyzer Analyzer)
{
    /// <summary>Task of the classifier.</summary>
    public const string Task = "imaging-modality";

    private const string Output = "modality";

    /// <summary>Probability of the most probable label, also when it was withheld.</summary>
    public double Probability => Probabilities.Max(one => one.Probability);

    /// <summary>
    /// Whether the pictures look like what a DICOM file states; null: it states nothing, the classifier named nothing, or it does not know that
    /// modality. CR and DX look the same and are one to it.
    /// </summary>
    public bool? AgreesWith(string? stated)
    {
        if (stated is null || Abstained)
        {
            return null;
        }

        string expected = ModalityLabels.Of(stated);
        return Probabilities.Any(one => ModalityLabels.Of(one.Label) == expected) ? ModalityLabels.Of(Label) == expected : null;
    }

    /// <exception cref="InvalidDataException">The answer names no modality: another plugin serves the task, whose findings are others.</exception>
    public static ModalityAnswer Of(AnalysisAnswer answer) =>
        answer.OfClip(Output).Select(finding => finding.Labels)
            .FirstOrDefault(labels => labels is { Labels_.Count: 1, Probabilities.Count: > 0 }) is { } labels
            ? new ModalityAnswer(labels.Labels_[0], labels.Abstained, labels.Probabilities, answer.Frames, answer.Analyzer)
            : throw new InvalidDataException(
                $"The plugin {answer.Analyzer.PluginId} names no '{Output}' with probabilities; 'medgen analyze --task {Task}' shows what it finds.");
}
