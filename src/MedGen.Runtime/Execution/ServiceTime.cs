namespace MedGen.Runtime.Execution;

/// <summary>A moving mean of how long one unit of work takes, and what it says about waiting.</summary>
internal sealed class ServiceTime
{
    private const double Weight = 0.2;
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private double? _seconds;

    /// <summary>Takes a measurement in.</summary>
    public void Add(TimeSpan measured)
    {
        lock (_gate)
        {
            _seconds = _seconds is { } mean ? mean + Weight * (measured.TotalSeconds - mean) : measured.TotalSeconds;
        }
    }

    /// <summary>When a place is likely to be free behind so many units of work: at least one second.</summary>
    public TimeSpan WaitBehind(int units)
    {
        lock (_gate)
        {
            TimeSpan expected = TimeSpan.FromSeconds((_seconds ?? 0) * units);
            return expected > Least ? expected : Least;
        }
    }
}
