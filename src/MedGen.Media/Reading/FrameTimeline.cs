using System.Globalization;

namespace MedGen.Media.Reading;

/// <summary>
/// Turns the lines that the filters of <see cref="DecodePlan"/> write (<c>frame:0 pts:40000000 pts_time:0.04</c>, then the mark of the filter)
/// into the stamps of the pictures that come out of the pipe, in their order.
/// </summary>
internal sealed class FrameTimeline(DecodePlan plan)
{
    private const string Header = "frame:";
    private const string TimeField = " pts:";
    private const long NanosecondsPerTimeSpanTick = 100;

    private readonly Queue<(long Index, long Nanoseconds)> _upcoming = new();
    private (long Index, long Nanoseconds)? _onDisplay;
    private long _pending;
    private long _outputs;

    /// <summary>How many frames the decoder has given, wanted or not.</summary>
    public long SourceFrames { get; private set; }

    /// <summary>When the last of them appears.</summary>
    public TimeSpan LastTimestamp { get; private set; }

    /// <summary>Takes one line.</summary>
    /// <param name="line">A line from standard error.</param>
    /// <param name="stamp">The stamp of the next picture, when the line announces one.</param>
    /// <returns>Whether the line was one of ours; any other is a message of ffmpeg.</returns>
    public bool TryTake(string line, out FrameStamp? stamp)
    {
        stamp = null;
        if (line.Contains(DecodePlan.SourceMark, StringComparison.Ordinal))
        {
            stamp = TakeSource();
            return true;
        }

        if (line.Contains(DecodePlan.OutputMark, StringComparison.Ordinal))
        {
            stamp = TakeOutput();
            return true;
        }

        // Searched for, not expected at the start: a decoder thread may have written half a message before it.
        int header = line.IndexOf(Header, StringComparison.Ordinal);
        int field = header < 0 ? -1 : line.IndexOf(TimeField, header, StringComparison.Ordinal);
        if (field < 0)
        {
            return false;
        }

        ReadOnlySpan<char> rest = line.AsSpan(field + TimeField.Length);
        int end = rest.IndexOf(' ');
        ReadOnlySpan<char> value = end < 0 ? rest : rest[..end];
        if (!long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _pending))
        {
            // NOPTS: the source gives this frame no time; it stays where the one before it was.
            _pending = LastTimestamp.Ticks * NanosecondsPerTimeSpanTick;
        }

        return true;
    }

    private FrameStamp? TakeSource()
    {
        long index = SourceFrames++;
        LastTimestamp = ToTimeSpan(_pending);
        if (plan.Rate is null)
        {
            return _pending < plan.StartNanoseconds ? null : new FrameStamp(index, LastTimestamp);
        }

        _upcoming.Enqueue((index, _pending));
        return null;
    }

    private FrameStamp TakeOutput()
    {
        long point = _outputs++;
        while (_upcoming.TryPeek(out (long Index, long Nanoseconds) next) && (_onDisplay is null || HasAppeared(next.Nanoseconds, point)))
        {
            _onDisplay = _upcoming.Dequeue();
        }

        (long index, long nanoseconds) = _onDisplay ?? default;
        return new FrameStamp(index, ToTimeSpan(nanoseconds));
    }

    // time - tolerance <= start + point / rate, without rounding.
    private bool HasAppeared(long nanoseconds, long point)
    {
        Rational rate = plan.Rate!.Value;
        Int128 sinceStart = (Int128)nanoseconds - plan.ToleranceNanoseconds - plan.StartNanoseconds;
        return sinceStart * rate.Numerator <= (Int128)point * rate.Denominator * DecodePlan.TicksPerSecond;
    }

    private static TimeSpan ToTimeSpan(long nanoseconds) =>
        new((long)Math.Round((decimal)nanoseconds / NanosecondsPerTimeSpanTick, MidpointRounding.AwayFromZero));
}
