namespace MedGen.Storage.Maintenance;

/// <summary>Holds a reader back, so that what runs beside it has the disk for itself most of the time.</summary>
/// <param name="bytesPerSecond">The most on average; null: no limit.</param>
/// <param name="time">The clock.</param>
internal sealed class ReadRate(long? bytesPerSecond, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private long _read;

    /// <summary>No limit.</summary>
    public static ReadRate Unlimited { get; } = new(null, TimeProvider.System);

    /// <summary>Notes what was read, and waits while that is ahead of the rate.</summary>
    public async ValueTask ReadAsync(int bytes, CancellationToken cancellationToken)
    {
        if (bytesPerSecond is not { } rate)
        {
            return;
        }

        _read += bytes;
        TimeSpan ahead = TimeSpan.FromSeconds((double)_read / rate) - time.GetElapsedTime(_started);
        if (ahead > TimeSpan.Zero)
        {
            await Task.Delay(ahead, time, cancellationToken).ConfigureAwait(false);
        }
    }
}
