using MedGen.Curation.Videos;
using MedGen.Sdk.Errors;

namespace MedGen.Curation.Tests.Running;

public sealed class FilmListTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-curation-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("list.json", """[{"Video Name": "abc", "FPS": 25, "Aesthetic": 4.5, "Dover Score": 0.6, "Camera Motion": "static", "Brief Caption": "B", "Detailed Caption": "D"}]""")]
    [InlineData("list.jsonl", """{"video_name": "abc.mp4", "fps": 25, "aesthetic_score": 4.5, "dover": 0.6, "camera_motion": "static", "brief_caption": "B", "detailed_caption": "D"}""")]
    [InlineData("list.csv", "video,fps,aesthetic,dover,camera motion,brief-caption,detailed-caption\nclips/abc.mp4,25,4.5,0.6,static,B,D\n")]
    public void Read_MedVideoCapsFields_AreKnownInEverySpelling(string name, string content)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "clips"));
        File.WriteAllText(Path.Combine(_folder, "clips", "abc.mp4"), "");
        string list = Path.Combine(_folder, name);
        File.WriteAllText(list, content);

        SourceVideo video = InputFolder.Read(_folder, list).Videos.Single();

        video.FileName.ShouldBe("clips/abc.mp4");
        new[] { "fps", "aesthetic", "dover", "camera_motion", "brief_caption", "detailed_caption" }.Select(video.Column)
            .ShouldBe(["25", "4.5", "0.6", "static", "B", "D"]);
    }

    [Theory]
    [InlineData("list.json", "{}", "an array of objects")]
    [InlineData("list.json", "[1]", "entry 1: got Number")]
    [InlineData("list.jsonl", "\n{\"fps\": 25}", "entry 2: names no film")]
    [InlineData("list.jsonl", "{\"file_name\":\"a.mp4\"}\n{\"file_name\":\"a.mp4\"}", "entry 2: 'a.mp4' is there twice")]
    [InlineData("list.csv", "file_name\nb.mp4\n", "names 'b.mp4', and there is no such film")]
    [InlineData("list.txt", "a.mp4", ".csv, .jsonl and .json")]
    public void Read_Wrong_SaysWhere(string name, string content, string said)
    {
        File.WriteAllText(Path.Combine(_folder, "a.mp4"), "");
        string list = Path.Combine(_folder, name);
        File.WriteAllText(list, content);

        Should.Throw<InvalidInputException>(() => InputFolder.Read(_folder, list)).Message.ShouldContain(said);
    }
}
