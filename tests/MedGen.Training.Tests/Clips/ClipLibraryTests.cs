using MedGen.Phantoms;
using MedGen.Training.Clips;
using MedGen.Training.Recipes;

namespace MedGen.Training.Tests.Clips;

public sealed class ClipLibraryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-library-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Open_PhantomsWithFreeCaptions_DrawsThemBySeed()
    {
        DataSourceRecipe source = new() { Name = "phantoms", Type = DataSourceType.Phantoms, Kinds = ["xa"], Seeds = 3, FreeCaptions = 8 };

        IReadOnlyList<TrainingClip> clips = Open(source);

        clips.Count.ShouldBe(3);
        clips.ShouldAllBe(clip => clip.Free.Count == 8);
        clips.SelectMany(clip => clip.Free).Distinct().Count().ShouldBeGreaterThan(16); // of 24
        Open(source).SelectMany(clip => clip.Free).ShouldBe(clips.SelectMany(clip => clip.Free));
        Open(source with { FreeCaptions = 0 }).ShouldAllBe(clip => clip.Free.Count == 0);
    }

    [Theory]
    [InlineData(false, "a.mp4 b.mp4")]
    [InlineData(true, "a.mp4")]
    public void Open_PermissiveOnly_LeavesOtherLicencesOut(bool permissiveOnly, string expected)
    {
        File.WriteAllText(Path.Combine(_folder, "a.mp4"), "");
        File.WriteAllText(Path.Combine(_folder, "b.mp4"), "");
        File.WriteAllText(
            Path.Combine(_folder, "manifest.csv"),
            "path,modality_code,kind,frames,source,shows,licence,group_id\na.mp4,US,video,9,x,lung,CC BY 4.0,p1\nb.mp4,US,video,9,x,lung,GPL-3.0,p2\n");

        IReadOnlyList<TrainingClip> clips = Open(new() { Name = "real", Type = DataSourceType.Clips, Folder = _folder, PermissiveOnly = permissiveOnly });

        string.Join(' ', clips.Select(clip => clip.Name)).ShouldBe(expected);
    }

    [Fact]
    public void Open_FolderWithCaptionsAndLabels_TakesTheCaption()
    {
        File.WriteAllText(Path.Combine(_folder, "a.mp4"), "");
        File.WriteAllText(Path.Combine(_folder, "b.mp4"), "");
        File.WriteAllText(Path.Combine(_folder, "metadata.csv"), "file_name,label,caption\na.mp4,echo,Echocardiography of a child.\nb.mp4,echo,\n");

        IReadOnlyList<TrainingClip> clips = Open(new() { Name = "own", Type = DataSourceType.Folder, Folder = _folder });

        clips.Select(clip => (clip.Brief, clip.Detailed)).ShouldBe([("Echocardiography of a child.", "Echocardiography of a child."), ("echo", "echo")]);
    }

    private static IReadOnlyList<TrainingClip> Open(DataSourceRecipe source) =>
        ClipLibrary.Open([source], reader: null!, PhantomCatalog.All).Training(source.Name);
}
