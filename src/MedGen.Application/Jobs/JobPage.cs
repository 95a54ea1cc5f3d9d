namespace MedGen.Application.Jobs;

/// <summary>One page of a list of jobs.</summary>
public sealed record JobPage
{
    /// <summary>The jobs, newest first unless the oldest were asked for first.</summary>
    public required IReadOnlyList<Job> Jobs { get; init; }

    /// <summary>Asks for the next page; null: this was the last one.</summary>
    public string? NextPageToken { get; init; }
}
