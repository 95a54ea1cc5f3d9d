namespace MedGen.Evaluation.Studies;

/// <summary>How the same trainings do on clips of another source.</summary>
public sealed record ExternalResults
{
    /// <summary>Clips and patients of each class.</summary>
    public required IReadOnlyList<string> Counts { get; init; }

    /// <summary>Patients of the class that has fewest.</summary>
    public required int FewestPatients { get; init; }

    /// <summary>All arms at all shares, with intervals, tests and verdicts of their own.</summary>
    public required IReadOnlyList<ArmResult> Results { get; init; }
}
