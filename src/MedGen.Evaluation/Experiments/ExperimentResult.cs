using MedGen.Evaluation.VBench.Clips;

namespace MedGen.Evaluation.Experiments;

/// <summary>What an experiment found; written to <c>experiment.json</c> as it stands here.</summary>
public sealed record ExperimentResult
{
    /// <summary>Name of the command.</summary>
    public required string Name { get; init; }

    /// <summary>What was asked, in a sentence.</summary>
    public required string Question { get; init; }

    /// <summary>How the clips were made.</summary>
    public required ClipOrigin Origin { get; init; }

    /// <summary>Prompts that were taken.</summary>
    public required int Prompts { get; init; }

    /// <summary>Prompts that there are.</summary>
    public required int AllPrompts { get; init; }

    /// <summary>Who judged, with the hash of its weights.</summary>
    public required IReadOnlyDictionary<string, string> Judges { get; init; }

    /// <summary>The counts.</summary>
    public required IReadOnlyList<ExperimentRow> Rows { get; init; }

    /// <summary>Figures by kind of clip; empty: none were measured.</summary>
    public IReadOnlyList<ModalityFigures> Figures { get; init; } = [];

    /// <summary>Spearman's correlation of the share recognised with the training clips, over the concepts; null: not counted.</summary>
    public double? RankCorrelation { get; init; }

    /// <summary>What must be known to read it, a sentence each.</summary>
    public required IReadOnlyList<string> Limits { get; init; }
}
