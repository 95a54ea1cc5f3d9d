namespace MedGen.Application.Jobs;

/// <summary>How full the queue is.</summary>
public sealed record QueueLoad
{
    /// <summary>Jobs that wait.</summary>
    public required int Queued { get; init; }

    /// <summary>Jobs of one caller that wait.</summary>
    public required int QueuedByOwner { get; init; }

    /// <summary>Jobs of that caller's tenant that wait.</summary>
    public required int QueuedByTenant { get; init; }

    /// <summary>Frames that waiting and running jobs will generate.</summary>
    public required long GeneratedFrames { get; init; }
}
