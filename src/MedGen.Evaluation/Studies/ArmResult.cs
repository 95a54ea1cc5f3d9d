using System.Text.Json.Serialization;

namespace MedGen.Evaluation.Studies;

/// <summary>What an arm reached at one share of the training patients; means over the seeds.</summary>
public sealed record ArmResult
{
    /// <summary>The arm.</summary>
    public required string Arm { get; init; }

    /// <summary>Share of the training patients.</summary>
    public required double Fraction { get; init; }

    /// <summary>Training examples, mean over the seeds.</summary>
    public required double Examples { get; init; }

    /// <summary>Scores, means over the seeds; null: the outcome is a number.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ClassificationScores? Scores { get; init; }

    /// <summary>Figures of predicted numbers; null: the outcome is a class.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NumberScores? Numbers { get; init; }

    /// <summary>What arms are compared by, mean over the seeds: balanced accuracy, or the mean absolute error of numbers.</summary>
    [JsonIgnore]
    public double Primary => EachSeed.Average();

    /// <summary>Balanced accuracy, or mean absolute error, of each seed.</summary>
    public required IReadOnlyList<double> EachSeed { get; init; }

    /// <summary>Lower end of its 95 % bootstrap interval, by patient.</summary>
    public required double Low { get; init; }

    /// <summary>Upper end.</summary>
    public required double High { get; init; }

    /// <summary>Of classes: test clips by class (row) and answer (column), means over the seeds.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Confusion { get; init; } = [];

    /// <summary>Of classes: its answers in ten bins of confidence; empty ones are left out.</summary>
    public IReadOnlyList<ReliabilityBin> Reliability { get; init; } = [];

    /// <summary>Whether it gives one answer for all test clips in at least one seed.</summary>
    public bool IsConstant { get; init; }

    /// <summary>Difference of balanced accuracy, or mean absolute error, to the baseline at the same share; 0 for the baseline.</summary>
    public double Difference { get; init; }

    /// <summary>Lower end of its 95 % interval, paired by patient.</summary>
    public double DifferenceLow { get; init; }

    /// <summary>Upper end.</summary>
    public double DifferenceHigh { get; init; }

    /// <summary>Lower end of the interval that holds for all comparisons of the study together (Bonferroni).</summary>
    public double AdjustedLow { get; init; }

    /// <summary>Upper end.</summary>
    public double AdjustedHigh { get; init; }

    /// <summary>The smallest difference that would have been shown in 80 of 100 such studies; 0 for the baseline.</summary>
    public double MinDetectable { get; init; }

    /// <summary>Whether the difference is shown to be smaller than the study's equivalence margin, either way.</summary>
    public bool IsEquivalent { get; init; }

    /// <summary>Two-sided probability of the paired sign-flip test over patients; 1 for the baseline.</summary>
    public double P { get; init; } = 1;

    /// <summary>The same after Holm's correction over all comparisons of the study.</summary>
    public double AdjustedP { get; init; } = 1;

    /// <summary>What may be said; empty for the baseline.</summary>
    public string Verdict { get; init; } = "";
}
