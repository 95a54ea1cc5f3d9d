using MedGen.Evaluation.VBench.Clips;

namespace MedGen.Evaluation.VBench.Results;

/// <summary>Everything that was measured; written to <c>vbench.json</c> as it stands here.</summary>
public sealed record BenchmarkResult
{
    /// <summary>What was measured: the model's name, or that of the folder of clips.</summary>
    public required string Name { get; init; }

    /// <summary>How the clips were made; null: they were finished.</summary>
    public ClipOrigin? Origin { get; init; }

    /// <summary>Prompts that were measured.</summary>
    public required int Prompts { get; init; }

    /// <summary>Prompts of the file.</summary>
    public required int AllPrompts { get; init; }

    /// <summary>Prompts without a clip.</summary>
    public required IReadOnlyList<string> PromptsWithoutClips { get; init; }

    /// <summary>The scores, in the order of the report.</summary>
    public required IReadOnlyList<BenchmarkScore> Scores { get; init; }

    /// <summary>(IQ + SC + BC + MS) / 4; null: not all of them were measured by VBench's networks.</summary>
    public double? Automatic => MedVBench.Automatic(Scores);

    /// <summary>Each clip with its scores.</summary>
    public required IReadOnlyList<ScoredClip> Clips { get; init; }
}
