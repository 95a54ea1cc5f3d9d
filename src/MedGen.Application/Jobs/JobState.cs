namespace MedGen.Application.Jobs;

/// <summary>Where a job stands. Queued and running jobs may change; the others have ended for good.</summary>
public enum JobState
{
    /// <summary>Waits for its turn; also after the host stopped while it ran.</summary>
    Queued,

    /// <summary>Runs.</summary>
    Running,

    /// <summary>Ended with its results.</summary>
    Succeeded,

    /// <summary>Ended with an error.</summary>
    Failed,

    /// <summary>Ended because somebody cancelled it.</summary>
    Cancelled,
}
