namespace MedGen.Application.Cluster;

/// <summary>Kinds of news. The names are sent between hosts of different versions and never change.</summary>
public enum PeerNewsKind
{
    /// <summary>A job waits.</summary>
    JobQueued = 0,

    /// <summary>A job's log has grown.</summary>
    JobChanged = 1,

    /// <summary>Somebody cancelled a job.</summary>
    JobCancelled = 2,

    /// <summary>A content is not needed any more, and copies of it have to go.</summary>
    ContentRemoved = 3,
}
