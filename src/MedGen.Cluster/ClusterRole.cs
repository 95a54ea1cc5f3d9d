namespace MedGen.Cluster;

/// <summary>What a host of a cluster does.</summary>
public enum ClusterRole
{
    /// <summary>Takes requests and runs jobs.</summary>
    Both = 0,

    /// <summary>Takes requests, and runs no job.</summary>
    Front = 1,

    /// <summary>Runs jobs, and refuses requests for new ones.</summary>
    Worker = 2,
}
