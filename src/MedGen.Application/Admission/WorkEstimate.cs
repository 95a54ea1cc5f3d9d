namespace MedGen.Application.Admission;

/// <summary>The cost of a message, as far as it can be told beforehand.</summary>
public sealed record WorkEstimate
{
    /// <summary>Whether a job joins the queue.</summary>
    public bool AddsJob { get; init; }

    /// <summary>Frames to be generated; 0 for other work.</summary>
    public int GeneratedFrames { get; init; }

    /// <summary>Whether the caller sends content for as long as it likes while the message is handled.</summary>
    public bool HoldsStream { get; init; }

    /// <summary>Whether files are written.</summary>
    public bool WritesFiles { get; init; }

    /// <summary>Bytes of the files that are written; 0: not known.</summary>
    public long FileBytes { get; init; }
}
