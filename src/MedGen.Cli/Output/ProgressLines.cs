using System.Globalization;

namespace MedGen.Cli.Output;

/// <summary>Progress for logs: a line every ten seconds, none for what is over sooner. Safe for use from several threads.</summary>
/// <param name="writer">Where to.</param>
/// <param name="time">The clock.</param>
internal sealed class ProgressLines(TextWriter writer, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private long _last = time.GetTimestamp();

    /// <summary>Writes how far the work is, if the last line is long enough ago.</summary>
    /// <param name="description">What is being done.</param>
    /// <param name="share">How much of it is done, 0 to 1.</param>
    public void Show(string description, double share)
    {
        lock (_gate)
        {
            if (time.GetElapsedTime(_last) < Interval)
            {
                return;
            }

            _last = time.GetTimestamp();
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{description} ({share * 100:0} %)"));
        }
    }
}
