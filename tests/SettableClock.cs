using Microsoft.Extensions.Time.Testing;

namespace MedGen.Tests;

/// <summary>A clock that can be set, which leaves the monotonic time alone.</summary>
internal sealed class SettableClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    private TimeSpan _set;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _set;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;

    /// <summary>Sets the clock forward, or back.</summary>
    public void Set(TimeSpan by) => _set += by;
}
