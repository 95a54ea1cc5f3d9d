using MedGen.Sdk.Errors;
using MedGen.Datasets.Splits;
using MedGen.Datasets.Reading;

namespace MedGen.Datasets.Tests.Reading;

public sealed class DatasetFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-dataset-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_MetadataCsv_GivesAllColumns()
    {
        Files("a.mp4", "sub/b.png");
        Write("metadata.csv", "file_name,caption,label,split,patient_id", "a.mp4,\"A lung, moving\",lung,train,p1", "sub/b.png,,,val,");

        IReadOnlyList<DatasetItem> items = DatasetFolder.Read(_folder);

        (items[0].Caption, items[0].Label, items[0].Split, items[0].PatientId, items[0].Group).ShouldBe(("A lung, moving", "lung", DatasetSplit.Train, "p1", "p1"));
        (items[1].Caption, items[1].Label, items[1].Split, items[1].Group).ShouldBe((null, null, DatasetSplit.Validation, "sub/b.png"));
    }

    [Fact]
    public void Read_MetadataJsonLines_GivesTheSame()
    {
        Files("a.mp4");
        Write("metadata.jsonl", """{"file_name": "a.mp4", "caption": "A lung", "patient_id": 7, "other": [1]}""", "");

        DatasetItem item = DatasetFolder.Read(_folder).ShouldHaveSingleItem();

        (item.Caption, item.PatientId, item.Split).ShouldBe(("A lung", "7", DatasetSplit.None));
    }

    [Theory]
    [InlineData("", DatasetSplit.None)]
    [InlineData("train/", DatasetSplit.Train)]
    public void Read_ClassFolders_GivesLabels(string parent, DatasetSplit split)
    {
        Files($"{parent}heart/a.mp4", $"{parent}lung/b.png", $"{parent}lung/notes.txt");

        DatasetFolder.Read(_folder).Select(item => (item.Label, item.Split)).ShouldBe([("heart", split), ("lung", split)]);
    }

    [Theory]
    [InlineData("file_name,split", "a.mp4,sometimes", "line 2, column split", "got 'sometimes'")]
    [InlineData("file_name", "none.mp4", "line 2, column file_name", "no file 'none.mp4'")]
    [InlineData("file_name", "../a.mp4", "line 2, column file_name", "leads out")]
    [InlineData("file_name", "a\0.mp4", "line 2, column file_name", "null character")]
    [InlineData("name", "a.mp4", "line 1, column file_name", "is missing")]
    [InlineData("file_name", "a.mp4\na.mp4", "file_name", "twice (lines 2, 3)")]
    public void Read_BadMetadata_NamesLineAndColumn(string header, string line, string place, string what)
    {
        Files("a.mp4");
        Write("metadata.csv", header, line);

        string message = Should.Throw<InvalidInputException>(() => DatasetFolder.Read(_folder)).Message;

        message.ShouldContain(place);
        message.ShouldContain(what);
    }

    [Fact]
    public void Read_PatientInTwoSplits_NamesBothLines()
    {
        Files("a.mp4", "b.mp4", "c.mp4");
        Write("metadata.csv", "file_name,split,patient_id", "a.mp4,train,p1", "b.mp4,train,p2", "c.mp4,test,p1");

        InvalidInputException error = Should.Throw<InvalidInputException>(() => DatasetFolder.Read(_folder));

        error.Violations.ShouldHaveSingleItem().Field.ShouldBe("split");
        error.Message.ShouldContain("'p1' is in Train (line 2) and in Test (line 4)");
    }

    [Fact]
    public void Read_ClassWithoutClip_IsNamed()
    {
        Files("heart/a.mp4", "lung/notes.txt");

        Should.Throw<InvalidInputException>(() => DatasetFolder.Read(_folder)).Message.ShouldContain("class 'lung' has no clip");
    }

    [Fact]
    public void Read_BrokenJsonLine_IsNamed()
    {
        Files("a.mp4");
        Write("metadata.jsonl", """{"file_name": "a.mp4"}""", "{ broken");

        Should.Throw<InvalidInputException>(() => DatasetFolder.Read(_folder)).Message.ShouldContain("line 2");
    }

    [Fact]
    public void Read_FolderWithoutAnything_SaysWhatIsExpected() =>
        Should.Throw<InvalidInputException>(() => DatasetFolder.Read(_folder)).Message.ShouldContain("metadata.csv");

    [Fact]
    public void IsHeldOut_ManyGroups_HoldsOutTheShareAndAlwaysTheSame()
    {
        string[] groups = [.. Enumerable.Range(0, 2000).Select(i => $"patient {i}")];

        groups.Count(group => PatientSplit.IsHeldOut(group, 0.2)).ShouldBeInRange(340, 460);
        groups.Where(group => PatientSplit.IsHeldOut(group, 0.1)).ShouldAllBe(group => PatientSplit.IsHeldOut(group, 0.2));
    }

    private void Files(params string[] names)
    {
        foreach (string name in names)
        {
            string path = Path.Combine(_folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, name);
        }
    }

    private void Write(string name, params string[] lines) => File.WriteAllLines(Path.Combine(_folder, name), lines);
}
