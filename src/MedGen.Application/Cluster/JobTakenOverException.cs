using MedGen.Sdk.Errors;

namespace MedGen.Application.Cluster;

/// <summary>Another host has taken the job over: what this one wants to write of it is refused (<c>JOB_TAKEN_OVER</c>).</summary>
/// <param name="jobId">The job.</param>
public sealed class JobTakenOverException(string jobId)
    : MedGenException(ErrorCode.Unavailable, "JOB_TAKEN_OVER", $"The job '{jobId}' was taken over by another host of the cluster.");
