using MedGen.Application.Retention;
using MedGen.Storage.Database;
using Microsoft.Extensions.Logging;

namespace MedGen.Storage.Retention;

/// <summary>
/// Compares the wall clock with the monotonic one while the host runs, and with the last note of it over a stop. A host that was off for more than a
/// week cannot be told from a clock that was set; then, too, nothing is deleted by its age for a day.
/// </summary>
internal sealed class RetentionClock(StoreDatabase database, TimeProvider time, ILogger<RetentionClock> logger) : IRetentionClock
{
    private static readonly TimeSpan Leap = TimeSpan.FromDays(7);
    private static readonly TimeSpan Hold = TimeSpan.FromDays(1);

    // How old a note may be: several ask within an hour.
    private static readonly TimeSpan Precision = TimeSpan.FromMinutes(30);

    private (DateTimeOffset Wall, long Timestamp)? _seen;

    public async Task<bool> IsTrustedAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        long timestamp = time.GetTimestamp();
        ClockRecord? last = database.Read(session => Facts.Find<ClockRecord>(session, ClockRecord.Fact));
        DateTimeOffset expected = _seen is { } seen ? seen.Wall + time.GetElapsedTime(seen.Timestamp, timestamp) : last?.Seen ?? now;
        DateTimeOffset? leaptAt = last?.LeaptAt;
        if (now - expected > Leap)
        {
            leaptAt = now;
            Log.ClockLeapt(logger, (now - expected).TotalDays);
        }
        else if (now - leaptAt >= Hold || now < leaptAt)
        {
            // Either the time was right all along, or the clock has been set back.
            leaptAt = null;
        }

        _seen = (now, timestamp);
        ClockRecord record = new() { Seen = now, LeaptAt = leaptAt };
        if (last is not null && last.LeaptAt == leaptAt && (now - last.Seen).Duration() < Precision)
        {
            return leaptAt is null;
        }

        await database.WriteUrgentAsync(
            session =>
            {
                Facts.Write(session, ClockRecord.Fact, record);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        return leaptAt is null;
    }
}
