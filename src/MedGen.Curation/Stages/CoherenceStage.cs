using MedGen.Curation.Clips;
using MedGen.Curation.Scanning;
using MedGen.Curation.Specifications;

namespace MedGen.Curation.Stages;

/// <summary>
/// Divides a shot where neighbouring seconds are unlike, drops runs that are too short, and divides those that are too long into equal parts.
/// </summary>
internal sealed class CoherenceStage(CoherenceSpec spec) : ICurationStage
{
    public string Name => "coherence and duration";

    public string? LeftOut => null;

    public Task<IReadOnlyList<CuratedClip>> RunAsync(ClipSource source, CuratedClip clip, CancellationToken cancellationToken)
    {
        ScanSecond[] seconds = [.. source.Scan.SecondsIn(clip.Start, clip.End)];

        // The first second's similarity is to what lies before the shot.
        double[] breaks = [.. seconds.Skip(1).Where(second => second.Similarity < spec.MinSimilarity).Select(second => second.Time)];
        double[] borders = [clip.Start, .. breaks, clip.End];
        return Task.FromResult<IReadOnlyList<CuratedClip>>([.. borders.Zip(borders.Skip(1), Run).SelectMany(run => run)]);

        IEnumerable<CuratedClip> Run(double start, double end)
        {
            double[] similarities = [.. seconds.Where(second => second.Time > start && second.Time < end).Select(second => second.Similarity)];
            CuratedClip run = (clip with { Start = start, End = end }).With("similarity", similarities.DefaultIfEmpty(1).Average());
            if (run.Seconds < spec.MinSeconds)
            {
                yield return run.Reject(Name, $"a run of {run.Seconds:0.0} s; at least {spec.MinSeconds:0.0} s");
                yield break;
            }

            int parts = (int)Math.Ceiling(run.Seconds / spec.MaxSeconds);
            if (run.Seconds / parts < spec.MinSeconds)
            {
                parts = Math.Max(1, (int)(run.Seconds / spec.MinSeconds));
            }

            for (int part = 0; part < parts; part++)
            {
                yield return run with { Start = start + (run.Seconds * part / parts), End = start + (run.Seconds * (part + 1) / parts) };
            }
        }
    }
}
