namespace MedGen.Application.Cluster;

/// <summary>
/// The time that jobs go by: their deadlines, their ages in the queue, their events. In a cluster it is that of the database's server, so that a host
/// whose clock is wrong ends nobody's job before its time; a host that is alone has its own.
/// </summary>
/// <param name="time">The host's clock.</param>
public sealed class RecordsClock(TimeProvider time)
{
    // What an answer takes to come is no difference.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(500);

    private long _offset;

    /// <summary>So much is the database's clock ahead of the host's.</summary>
    public TimeSpan Offset => TimeSpan.FromTicks(Volatile.Read(ref _offset));

    /// <summary>The time now, in UTC.</summary>
    /// <returns>The host's time, as far as it is right.</returns>
    public DateTimeOffset GetUtcNow() => time.GetUtcNow() + Offset;

    /// <summary>Notes what the database's server takes for the time.</summary>
    /// <param name="there">Its time, just now.</param>
    /// <returns>Whether that is another difference than before.</returns>
    public bool Compare(DateTimeOffset there)
    {
        TimeSpan offset = there - time.GetUtcNow();
        offset = offset.Duration() < Tolerance ? TimeSpan.Zero : offset;
        if ((offset - Offset).Duration() < Tolerance)
        {
            return false;
        }

        Volatile.Write(ref _offset, offset.Ticks);
        return true;
    }
}
