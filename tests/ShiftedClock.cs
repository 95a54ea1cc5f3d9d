namespace MedGen.Tests;

/// <summary>The machine's clock, off by so much; the monotonic time is right.</summary>
internal sealed class ShiftedClock(TimeSpan by) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
}
