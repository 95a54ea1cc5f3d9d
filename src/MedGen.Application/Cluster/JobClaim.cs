namespace MedGen.Application.Cluster;

/// <summary>Which host runs a job.</summary>
/// <param name="JobId">The job.</param>
/// <param name="HostId">The host.</param>
public readonly record struct JobClaim(string JobId, string HostId);
