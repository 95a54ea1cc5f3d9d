namespace MedGen.Phantoms.Procedures;

/// <summary>One uninterrupted run of a phase.</summary>
public sealed record ProcedureSegment
{
    /// <summary>The phase.</summary>
    public required SurgicalPhase Phase { get; init; }

    /// <summary>First second of the segment, counted from the start of the recording.</summary>
    public required int StartSecond { get; init; }

    /// <summary>First second after the segment.</summary>
    public required int EndSecond { get; init; }

    /// <summary>Length in s, at least 1.</summary>
    public int Seconds => EndSecond - StartSecond;
}
