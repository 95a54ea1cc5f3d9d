using MedGen.Curation.Specifications;
using MedGen.Sdk.Errors;

namespace MedGen.Curation.Tests.Specifications;

public sealed class CurationSpecReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-curation-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_WithoutFile_HasThePapersThresholds()
    {
        CurationSpec spec = CurationSpecReader.Read(null);

        spec.Coherence.MinSeconds.ShouldBe(6);
        spec.MinShortSide.ShouldBe(480);
        spec.Text.MaxWords.ShouldBe(20);
        spec.Text.Frames.ShouldBe(5);
    }

    [Fact]
    public void Read_Folders_AreRelativeToTheFile()
    {
        string folder = Read("""{ "scorers": [ { "name": "dover", "folder": "nets/dover", "min": 0 } ] }""").Scorers[0].Folder;

        folder.ShouldBe(Path.Combine(_folder, "nets", "dover"));
    }

    [Theory]
    [InlineData("""{ "coherence": { "min_second": 6 } }""", "coherence.min_second", "min_seconds")]
    [InlineData("""{ "shots": { "content": 0 } }""", "shots.content", "1 to 255")]
    [InlineData("""{ "shots": { "dark": 250 } }""", "shots.bright", "above dark")]
    [InlineData("""{ "coherence": { "min_seconds": 10, "max_seconds": 5 } }""", "coherence.max_seconds", "at least min_seconds (10 s)")]
    [InlineData("""{ "borders": { "action": "paint" } }""", "borders.action", "drop, crop, keep")]
    [InlineData("""{ "captions": { "type": "endpoint" } }""", "captions.url", "http://")]
    [InlineData("""{ "captions": { "model": "x" } }""", "captions.model", "only with type endpoint")]
    [InlineData("""{ "split": { "validation": 0.5, "test": 0.5 } }""", "split", "leave clips to train on")]
    [InlineData("""{ "scorers": [ { "name": "a", "folder": "x" } ], "detectors": [ { "name": "a", "folder": "y" } ] }""", "scorers", "'a' is there twice")]
    public void Read_Wrong_NamesFieldAndWhatIsAllowed(string json, string field, string allowed)
    {
        InvalidInputException error = Should.Throw<InvalidInputException>(() => Read(json));

        error.Violations.ShouldContain(violation => violation.Field == field && violation.Description.Contains(allowed));
    }

    private CurationSpec Read(string json)
    {
        string path = Path.Combine(_folder, "spec.json");
        File.WriteAllText(path, json);
        return CurationSpecReader.Read(path);
    }
}
