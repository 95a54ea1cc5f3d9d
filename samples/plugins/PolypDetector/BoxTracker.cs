namespace PolypDetector;

/// <summary>
/// Gives the regions of successive frames numbers. A region goes on as the thing that it overlaps; a thing is told of from the second frame on in
/// which it is seen, and forgotten after two frames without it.
/// </summary>
internal sealed class BoxTracker
{
    private const int LeastFrames = 2;
    private const int MostMissed = 2;
    private const double LeastOverlap = 0.2;
    private const double Memory = 0.6; // share of a thing's score that is kept from frame to frame

    private readonly List<Thing> _things = [];
    private long _next;

    /// <summary>Takes the regions of the next frame.</summary>
    /// <param name="regions">What may be there.</param>
    /// <returns>Where each thing that is told of is now, with its number, from 0, and its score over time.</returns>
    public IReadOnlyList<(long Track, Region Region)> Next(IReadOnlyList<Region> regions)
    {
        List<Region> open = [.. regions];
        foreach (Thing thing in _things)
        {
            thing.Missed++;
            IEnumerable<Region> near = open.Where(region => region.Overlap(thing.Last) >= LeastOverlap);
            if (near.MaxBy(region => region.Overlap(thing.Last) * region.Score) is { } same)
            {
                open.Remove(same);
                (thing.Last, thing.Missed, thing.Seen) = (same, 0, thing.Seen + 1);
                thing.Score = (Memory * thing.Score) + ((1 - Memory) * same.Score);
            }
        }

        _things.RemoveAll(thing => thing.Missed > MostMissed);
        _things.AddRange(open.Select(region => new Thing(region)));
        return
        [
            .. _things.Where(thing => thing.Missed == 0 && thing.Seen >= LeastFrames)
                .Select(thing => (thing.Track ??= _next++, thing.Last with { Score = thing.Score })),
        ];
    }

    private sealed class Thing(Region first)
    {
        public long? Track { get; set; }

        public Region Last { get; set; } = first;

        public double Score { get; set; } = first.Score;

        public int Seen { get; set; } = 1;

        public int Missed { get; set; }
    }
}
