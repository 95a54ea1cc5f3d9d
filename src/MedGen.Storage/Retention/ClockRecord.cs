namespace MedGen.Storage.Retention;

/// <summary>What is kept of the clock, so that a host after this one can compare.</summary>
internal sealed record ClockRecord
{
    /// <summary>Name of the fact.</summary>
    public const string Fact = "clock";

    /// <summary>When it was looked at last.</summary>
    public required DateTimeOffset Seen { get; init; }

    /// <summary>When it had leapt ahead, by its own time; null: it is trusted.</summary>
    public DateTimeOffset? LeaptAt { get; init; }
}
