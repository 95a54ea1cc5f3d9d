namespace MedGen.Evaluation.Studies;

/// <summary>What a study runs with, beside its specification.</summary>
public sealed record StudyTools
{
    /// <summary>Weights file of the imaging-modality classifier, for <see cref="StudyFeatures.Pretrained"/>; null: not to be had.</summary>
    public string? ModalityWeights { get; init; }

    /// <summary>
    /// A program that trains and answers instead of the study's own classifier, and its first arguments; empty: none. Docs: docs/studies.md.
    /// </summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Where that program's tables are kept.</summary>
    public string CommandFolder { get; init; } = "";
}
