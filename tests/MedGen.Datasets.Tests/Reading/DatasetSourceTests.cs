using System.Formats.Tar;
using MedGen.Sdk.Errors;
using MedGen.Datasets.Reading;
using MedGen.Datasets.Writing;

namespace MedGen.Datasets.Tests.Reading;

public sealed class DatasetSourceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-source-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_EchoNetFileList_FindsVideosLabelsAndSplits()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "Videos"));
        File.WriteAllText(Path.Combine(_folder, "Videos", "0X1.avi"), "x");
        File.WriteAllText(Path.Combine(_folder, "FileList.csv"), "FileName,EF,ESV,EDV,FPS,Split\n0X1,61.5,40,104,50,TRAIN\n");

        DatasetItem item = DatasetFolder.Read(_folder).ShouldHaveSingleItem();

        (item.FileName, item.Label, item.Split, item.PatientId).ShouldBe(("Videos/0X1.avi", "61.5", DatasetSplit.Train, "0X1"));
        new LabelScheme { Type = LabelType.Numeric, Bins = [40, 50] }.ClassesOf(item).ShouldBe(["50 and more"]);
    }

    [Theory]
    [InlineData(LabelType.Single, "a|b", "a|b")]
    [InlineData(LabelType.Multi, "a| b |a", "a,b")]
    [InlineData(LabelType.Numeric, "45", "40 to 50")]
    [InlineData(LabelType.Numeric, "39.9", "below 40")]
    public void ClassesOf_ALabel_AreThoseOfItsScheme(LabelType type, string label, string expected) =>
        string.Join(',', new LabelScheme { Type = type, Bins = [40, 50] }.ClassesOf(new DatasetItem { FileName = "x", FullPath = "/x", Label = label })).ShouldBe(expected);

    [Theory]
    [InlineData(LabelType.Numeric, "high", "has the label 'high', which is no number")]
    [InlineData(LabelType.Multi, "|", "has the label '|', in which no class is")]
    [InlineData(LabelType.Single, null, "has no label")]
    public void ClassesOf_ALabelThatDoesNotParse_NamesFileAndLine(LabelType type, string? label, string expected) =>
        Should.Throw<InvalidInputException>(() => new LabelScheme { Type = type, Bins = [40] }.ClassesOf(new DatasetItem { FileName = "x.mp4", FullPath = "/x", Label = label, Line = 7 }))
            .Message.ShouldBe($"label: 'x.mp4' (line 7) {expected}.");

    [Fact]
    public async Task OpenAsync_OfWebDatasetShards_ReadsSidecars()
    {
        string shard = Path.Combine(_folder, "train-000000.tar");
        await WriteTarAsync(shard, ("s1.mp4", "x"), ("s1.cls", "lung\n"), ("s1.json", """{ "patient_id": "p1", "split": "train" }"""), ("s2.mp4", "x"), ("s2.txt", "A heart"), ("s2.json", """{ "label": "heart" }"""));

        IReadOnlyList<DatasetItem> items = DatasetFolder.Read(await DatasetSource.OpenAsync(_folder, Path.Combine(_folder, "out"), Token));

        items.Select(item => (item.FileName, item.Label, item.PatientId, item.Caption)).ShouldBe([("s1.mp4", "lung", "p1", null), ("s2.mp4", "heart", null, "A heart")]);
    }

    [Fact]
    public async Task OpenAsync_OfAPackedFolder_GivesTheFolder()
    {
        string data = Directory.CreateDirectory(Path.Combine(_folder, "data", "a")).Parent!.FullName;
        File.WriteAllText(Path.Combine(data, "a", "x.mp4"), "x");
        await DatasetTar.PackAsync(data, Path.Combine(_folder, "set.tar"), Token);

        DatasetItem item = DatasetFolder.Read(await DatasetSource.OpenAsync(Path.Combine(_folder, "set.tar"), Path.Combine(_folder, "out"), Token)).ShouldHaveSingleItem();

        (item.FileName, item.Label).ShouldBe(("a/x.mp4", "a"));
    }

    [Fact]
    public async Task OpenAsync_OfAHostileOrBrokenArchive_RefusesItAndWritesNothingOutside()
    {
        string outside = Path.Combine(_folder, "climb.tar");
        await WriteTarAsync(outside, ("../escaped.txt", "x"));
        string link = Path.Combine(_folder, "link.tar");
        using (TarWriter tar = new(File.Create(link)))
        {
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.SymbolicLink, "a.mp4") { LinkName = "/etc/passwd" }, Token);
        }

        string broken = Path.Combine(_folder, "broken.tar");
        File.WriteAllText(broken, "this is no archive at all, whatever its name says; " + new string('x', 2000));

        (await Refusal(outside)).ShouldContain("leads out of the archive");
        (await Refusal(link)).ShouldContain("is a SymbolicLink");
        (await Refusal(broken)).ShouldContain("broken.tar is no tar file");
        File.Exists(Path.Combine(_folder, "escaped.txt")).ShouldBeFalse();

        async Task<string> Refusal(string path) => (await Should.ThrowAsync<InvalidInputException>(() => DatasetSource.OpenAsync(path, Path.Combine(_folder, "out"), Token))).Message;
    }

    private static async Task WriteTarAsync(string path, params (string Name, string Text)[] files)
    {
        using TarWriter tar = new(File.Create(path));
        foreach ((string name, string text) in files)
        {
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)) }, Token);
        }
    }
}
