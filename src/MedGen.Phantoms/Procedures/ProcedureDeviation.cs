namespace MedGen.Phantoms.Procedures;

/// <summary>A drawn departure from the workflow graph (<see cref="CholecystectomyWorkflow"/>).</summary>
public sealed record ProcedureDeviation
{
    /// <summary>What happened.</summary>
    public required ProcedureDeviationKind Kind { get; init; }

    /// <summary>The phase returned to, or the phase that the recording lacks.</summary>
    public required SurgicalPhase Phase { get; init; }

    /// <summary>Second at which the return begins, or at which the missing phase would have begun.</summary>
    public required int Second { get; init; }
}
