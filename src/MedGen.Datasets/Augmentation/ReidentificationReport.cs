namespace MedGen.Datasets.Augmentation;

/// <summary>How far the learnt privacy check of a run can be trusted, or why there was none. It is written as <c>privacy.json</c>.</summary>
public sealed record ReidentificationReport
{
    /// <summary>Why the check was not made; null: it was.</summary>
    public string? NotMade { get; init; }

    /// <summary>What the frozen features are; null: the check was not made.</summary>
    public string? Features { get; init; }

    /// <summary>Training patients by whose clips the head was trained.</summary>
    public int FittedPatients { get; init; }

    /// <summary>Training patients that the head has not seen, by whose clips its limit was set.</summary>
    public int HeldOutPatients { get; init; }

    /// <summary>
    /// τ, a cosine from −1 to 1: a generated clip that is nearer than this to a training clip is refused; null: the check was not made.
    /// </summary>
    public double? Limit { get; init; }

    /// <summary>
    /// Shares of altered copies of held-out clips that are nearer than τ, by what was altered: what the check finds of patients that its head has
    /// not seen.
    /// </summary>
    public IReadOnlyDictionary<string, double> Found { get; init; } = new Dictionary<string, double>();

    /// <summary>Generated clips that it refused.</summary>
    public int Rejected { get; init; }
}
