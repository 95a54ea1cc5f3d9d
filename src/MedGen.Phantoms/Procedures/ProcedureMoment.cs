namespace MedGen.Phantoms.Procedures;

/// <summary>The labels of one moment of a procedure.</summary>
public sealed record ProcedureMoment
{
    /// <summary>Time since the start of the recording in s.</summary>
    public required double Second { get; init; }

    /// <summary>The phase; it goes on while the camera is out of the body, as in Cholec80.</summary>
    public required SurgicalPhase Phase { get; init; }

    /// <summary>Instruments in view.</summary>
    public required SurgicalTools Tools { get; init; }

    /// <summary>What the surgeon does.</summary>
    public required SurgicalActivity Activity { get; init; }

    /// <summary>Whether the camera is out of the body or in the trocar.</summary>
    public required bool IsOutOfBody { get; init; }
}
