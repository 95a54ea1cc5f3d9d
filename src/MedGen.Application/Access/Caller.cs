namespace MedGen.Application.Access;

/// <summary>Somebody whose identity the host has checked.</summary>
public sealed record Caller
{
    /// <summary>Stable name: owner of jobs and artifacts, and the subject in the audit log. 1 to 200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The highest role that the caller has.</summary>
    public required Role Role { get; init; }
}
