using MedGen.Datasets.Splits;
using MedGen.Datasets.Reading;
using MedGen.Sdk.Errors;

namespace MedGen.Datasets.Tests.Reading;

/// <summary>Data sets as they come from elsewhere: what is there is read, or named.</summary>
public sealed class PublicDatasetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-public-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void List_OfClassFolders_ReadsEveryDepthAndCountsWhatIsLeft()
    {
        DatasetContent content = DatasetFolder.List(Case("class-folders-silent-skips"));

        content.Items.Select(item => item.FileName).ShouldBe(
            ["a/0.mp4", "a/1.mp4", "a/2.mp4", "a/3.m4v", "a/slice.dcm", "a/patient9/4.mp4", "b/0.mp4", "b/1.mp4", "b/2.mp4", "b/3.mpg", "b/slice.dcm", "b/patient9/4.mp4"]);
        content.Items.Select(item => item.Label).Distinct().ShouldBe(["a", "b"]);
        content.PassedOver.ShouldNotContainKey(".dcm");
    }

    [Fact]
    public void List_OfSplitsBelowClasses_IsRefused()
    {
        Write("a/train/0.mp4", "");

        Should.Throw<InvalidInputException>(() => DatasetFolder.List(_folder)).Message.ShouldContain("class 'a' holds a folder 'train'");
    }

    [Fact]
    public void List_OfMetadata_CountsFilesThatItDoesNotName()
    {
        Write("a.mp4", "");
        Write("b.mp4", "");
        Write("LICENSE", "");
        Write("metadata.csv", "file_name,label\na.mp4,x\n");

        DatasetFolder.List(_folder).PassedOver.ShouldBe(new Dictionary<string, int> { [".mp4"] = 1, ["no extension"] = 1 }, ignoreOrder: true);
    }

    [Fact]
    public void List_OfMetadataInSplitFolders_GivesTheirSplits()
    {
        IReadOnlyList<DatasetItem> items = DatasetFolder.List(Case("hf-metadata-in-split-folders", "flat")).Items;

        items.Count.ShouldBe(10);
        items.Single(item => item.FileName == "train/a0.mp4").ShouldSatisfyAllConditions(
            item => item.Label.ShouldBe("a"), item => item.PatientId.ShouldBe("a0"), item => item.Split.ShouldBe(DatasetSplit.Train));
        items.Count(item => item.Split == DatasetSplit.Test).ShouldBe(4);
    }

    [Fact]
    public void List_OfMetadataInSplitFoldersBesideClasses_SeesThePatients() =>
        Should.Throw<InvalidInputException>(() => DatasetFolder.List(Case("hf-metadata-in-split-folders", "classes"))).Message.ShouldContain("patient_id 'p0' is in");

    [Fact]
    public void List_OfMetadataInSplitFoldersBesideClasses_TakesTheirNamesAsLabels()
    {
        Write("train/a/0.mp4", "");
        Write("train/metadata.csv", "file_name,patient_id\na/0.mp4,p1\n");

        DatasetFolder.List(_folder).Items.ShouldHaveSingleItem().Label.ShouldBe("a");
    }

    [Fact]
    public void List_OfMetadataInOneSplitFolderOnly_IsRefused()
    {
        Write("train/a.mp4", "");
        Write("test/b.mp4", "");
        Write("train/metadata.csv", "file_name,label\na.mp4,x\n");

        Should.Throw<InvalidInputException>(() => DatasetFolder.List(_folder)).Message.ShouldContain("of the folders test, train only train have metadata.csv");
    }

    [Fact]
    public void List_OfASplitThatContradictsItsFolder_IsRefused()
    {
        Write("train/a.mp4", "");
        Write("train/metadata.csv", "file_name,label,split\na.mp4,x,test\n");

        Should.Throw<InvalidInputException>(() => DatasetFolder.List(_folder)).Message.ShouldContain("train/metadata.csv, line 2, column split: got 'test' in the folder train");
    }

    [Fact]
    public void List_OfAListInLatin1_NamesTheLine() =>
        Should.Throw<InvalidInputException>(() => DatasetFolder.List(Case("metadata-latin1"))).Message.ShouldContain("metadata.csv, line 2: the text is not UTF-8");

    [Fact]
    public async Task OpenAsync_OfAShardPackedOnAMac_PassesItsLeftoversOver()
    {
        string root = await DatasetSource.OpenAsync(Case("macos-leftovers-tar", "shard.tar"), Path.Combine(_folder, "unpacked"), Token);

        DatasetContent content = DatasetFolder.List(root);

        content.Items.Count.ShouldBe(8);
        content.PassedOver.ShouldBeEmpty();
        content.Items.ShouldAllBe(item => !item.FileName.Contains("._", StringComparison.Ordinal) && item.Label != null);
        Directory.EnumerateFiles(root, "._*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public void List_OfFoldersWithMacLeftovers_DoesNotSeeThem()
    {
        Write("a/0.mp4", "");
        Write("a/._0.mp4", "");
        Write("__MACOSX/a/._0.mp4", "");
        Write("a/.DS_Store", "");

        DatasetContent content = DatasetFolder.List(_folder);

        content.Items.ShouldHaveSingleItem().FileName.ShouldBe("a/0.mp4");
        content.PassedOver.ShouldBeEmpty();
    }

    [Fact]
    public void List_OfTenFolds_HoldsTheLastTwoOut()
    {
        IReadOnlyList<DatasetItem> items = DatasetFolder.List(Case("echonet-pediatric")).Items;

        items.Select(item => item.Split).ShouldBe([.. Enumerable.Repeat(DatasetSplit.Train, 8), DatasetSplit.Validation, DatasetSplit.Test]);
    }

    [Fact]
    public async Task ThrowIfSharedAsync_OfOneFileUnderTwoPatients_NamesBoth()
    {
        IReadOnlyList<DatasetItem> items = DatasetFolder.List(Case("duplicate-clip-two-patients")).Items;

        string message = (await Should.ThrowAsync<InvalidInputException>(SharedContent.ThrowIfSharedAsync(items, Token))).Message;

        message.ShouldContain("'acopy.mp4' (patient_id");
        message.ShouldContain("'bcopy.mp4' (patient_id");
        message.ShouldContain("are the same file under two patients");
    }

    [Fact]
    public async Task ThrowIfSharedAsync_OfCopiesOfOnePatient_Passes()
    {
        Write("a.mp4", "one");
        Write("b.mp4", "one");
        Write("c.mp4", "two");
        Write("metadata.csv", "file_name,label,patient_id\na.mp4,x,p\nb.mp4,x,p\nc.mp4,x,q\n");

        await SharedContent.ThrowIfSharedAsync(DatasetFolder.List(_folder).Items, Token);
    }

    private static string Case(params string[] parts) => Fixtures.Path(["cases", .. parts]);

    private void Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
