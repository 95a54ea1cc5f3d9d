namespace MedGen.Phantoms.Procedures;

/// <summary>What happens when in one procedure.</summary>
public sealed class ProcedureTimeline
{
    internal ProcedureTimeline(
        IReadOnlyList<ProcedureSegment> segments, IReadOnlyList<ProcedureDeviation> deviations, IReadOnlyList<ActivityInterval> activities)
    {
        Segments = segments;
        Deviations = deviations;
        Activities = activities;
    }

    /// <summary>Length in s.</summary>
    public int DurationSeconds => Segments[^1].EndSecond;

    /// <summary>Runs of phases in order; they cover the whole procedure.</summary>
    public IReadOnlyList<ProcedureSegment> Segments { get; }

    /// <summary>Every departure from the workflow graph.</summary>
    public IReadOnlyList<ProcedureDeviation> Deviations { get; }

    /// <summary>Activities in order; they cover the whole procedure and never cross the border of a segment.</summary>
    public IReadOnlyList<ActivityInterval> Activities { get; }

    /// <summary>The labels of a moment.</summary>
    /// <param name="second">Seconds since the start, at least 0 and below <see cref="DurationSeconds"/>.</param>
    /// <returns>The labels.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The moment is outside the procedure.</exception>
    public ProcedureMoment At(double second)
    {
        if (!(second >= 0 && second < DurationSeconds))
        {
            throw new ArgumentOutOfRangeException(nameof(second), second, $"The procedure lasts from 0 s to {DurationSeconds} s.");
        }

        ActivityInterval activity = Activities[IndexOfActivity(second)];
        return new ProcedureMoment
        {
            Second = second,
            Phase = Segments[Find(Segments, s => s.EndSecond, second)].Phase,
            Tools = activity.Tools,
            Activity = activity.Activity,
            IsOutOfBody = activity.IsOutOfBody,
        };
    }

    internal int IndexOfActivity(double second) => Find(Activities, a => a.EndSecond, second);

    // First item that ends after the moment.
    private static int Find<T>(IReadOnlyList<T> items, Func<T, int> end, double second)
    {
        int low = 0;
        int high = items.Count - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (end(items[middle]) > second)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}
