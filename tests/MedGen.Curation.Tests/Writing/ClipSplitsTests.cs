using MedGen.Curation.Clips;
using MedGen.Curation.Results;
using MedGen.Curation.Specifications;
using MedGen.Curation.Videos;
using MedGen.Curation.Writing;

namespace MedGen.Curation.Tests.Writing;

public class ClipSplitsTests
{
    [Fact]
    public void Of_TwentyFilms_GivesSharesAndKeepsAPatientTogether()
    {
        CuratedFilm[] films = [.. Enumerable.Range(0, 20).Select(i => Film($"film {i}", clips: 2, patient: i is 3 or 4 ? "p" : null))];

        IReadOnlyDictionary<string, string> splits = ClipSplits.Of(films, new SplitSpec { Validation = 0.1, Test = 0.2 }, seed: 1);

        splits.Count.ShouldBe(19);
        int Clips(string split) => films.Where(film => splits[film.Video.Group] == split).Sum(film => film.Kept.Count());
        Clips("test").ShouldBeInRange(7, 9);
        Clips("validation").ShouldBeInRange(3, 5);
        ClipSplits.Of([.. films.Reverse()], new SplitSpec { Validation = 0.1, Test = 0.2 }, seed: 1).ShouldBe(splits, ignoreOrder: true);
    }

    [Fact]
    public void Of_OneFilm_IsForTraining() =>
        ClipSplits.Of([Film("only", 3)], new SplitSpec { Test = 0.5, Validation = 0.4 }, seed: 1).Values.ShouldBe(["train"]);

    private static CuratedFilm Film(string name, int clips, string? patient = null) => new(
        new SourceVideo
        {
            FileName = name, Sha256 = name, Columns = patient is null ? new Dictionary<string, string>() : new() { ["patient_id"] = patient },
        },
        new VideoState { Clips = [.. Enumerable.Range(0, clips).Select(i => new CuratedClip { Start = i, End = i + 1 })] }, BrokenOff: null);
}
