namespace MedGen.Phantoms.Procedures;

/// <summary>How a procedure departs from the workflow graph.</summary>
public enum ProcedureDeviationKind
{
    /// <summary>An earlier phase is taken up again by a transition that the graph does not have.</summary>
    Return,

    /// <summary>The recording starts after the phase or stops before it.</summary>
    SkippedPhase,
}
