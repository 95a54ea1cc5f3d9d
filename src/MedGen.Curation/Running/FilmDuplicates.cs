using System.Numerics;
using MedGen.Curation.Scanning;
using MedGen.Curation.Videos;

namespace MedGen.Curation.Running;

/// <summary>Films that are the same though their files differ: of equal length, with perceptual hashes that agree at places spread over it.</summary>
internal static class FilmDuplicates
{
    private const int Places = 32;
    private const double LengthTolerance = 0.02;
    private const double LeastTolerance = 0.5; // s

    /// <summary>Finds the film that each duplicate repeats.</summary>
    /// <param name="films">Films with their scans, those first that are kept.</param>
    /// <param name="maxDistance">Mean number of differing bits; null: nothing is found.</param>
    /// <returns>Of each duplicate, the film before it in the list that it repeats.</returns>
    public static IReadOnlyDictionary<SourceVideo, SourceVideo> Find(IReadOnlyList<(SourceVideo Video, VideoScan Scan)> films, double? maxDistance)
    {
        Dictionary<SourceVideo, SourceVideo> found = [];
        List<(SourceVideo Video, ulong[] Hashes)> kept = [];
        foreach ((SourceVideo video, VideoScan scan) in films)
        {
            ulong[] hashes = [.. Enumerable.Range(0, Places).Select(place => scan.Frames[((2 * place) + 1) * scan.Frames.Count / (2 * Places)].Hash)];
            SourceVideo? same = kept.FirstOrDefault(other => IsSame(other.Video, other.Hashes, video, hashes, maxDistance)).Video;
            if (same is null)
            {
                kept.Add((video, hashes));
            }
            else
            {
                found.Add(video, same);
            }
        }

        return found;
    }

    private static bool IsSame(SourceVideo a, ulong[] ofA, SourceVideo b, ulong[] ofB, double? maxDistance)
    {
        double tolerance = Math.Max(LeastTolerance, LengthTolerance * Math.Max(a.Seconds, b.Seconds));
        if (maxDistance is not { } most || Math.Abs(a.Seconds - b.Seconds) > tolerance)
        {
            return false;
        }

        // Where both show nothing there is nothing to compare.
        int[] distances = [.. ofA.Zip(ofB).Where(pair => pair.First != 0 || pair.Second != 0)
            .Select(pair => BitOperations.PopCount(pair.First ^ pair.Second))];
        return distances.Length > Places / 4 && distances.Average() <= most;
    }
}
