using MedGen.Curation.Running;
using MedGen.Curation.Scanning;
using MedGen.Curation.Videos;

namespace MedGen.Curation.Tests.Running;

public class FilmDuplicatesTests
{
    [Fact]
    public void Find_NearHashesAndEqualLength_AreTheSame()
    {
        (SourceVideo, VideoScan) first = Film("a", 60, seed: 1, flipped: 0);
        (SourceVideo Video, VideoScan) near = Film("b", 60.4, seed: 1, flipped: 3);
        (SourceVideo, VideoScan) longer = Film("c", 70, seed: 1, flipped: 0);
        (SourceVideo, VideoScan) other = Film("d", 60, seed: 2, flipped: 0);

        IReadOnlyDictionary<SourceVideo, SourceVideo> found = FilmDuplicates.Find([first, near, longer, other], maxDistance: 6);

        found.Single().ShouldBe(KeyValuePair.Create(near.Video, first.Item1));
        FilmDuplicates.Find([first, near, longer, other], maxDistance: 2).ShouldBeEmpty();
        FilmDuplicates.Find([first, near, longer, other], maxDistance: null).ShouldBeEmpty();
    }

    private static (SourceVideo Video, VideoScan Scan) Film(string name, double seconds, int seed, int flipped)
    {
        Random random = new(seed);
        ulong[] hashes = [.. Enumerable.Range(0, 32).Select(_ => (ulong)random.NextInt64(1, long.MaxValue))];
        ulong mask = (1UL << flipped) - 1;
        ScanFrame[] frames = [.. Enumerable.Range(0, (int)(seconds * 5)).Select(i => i / 5.0).Select(time =>
            new ScanFrame(time, 0, 100, hashes[Math.Min(31, (int)(time / seconds * 32))] ^ mask, Sources.NoBorders))];
        return (new SourceVideo { FileName = name, Seconds = seconds }, new VideoScan { Width = 64, Height = 48, Frames = frames, Seconds = [] });
    }
}
