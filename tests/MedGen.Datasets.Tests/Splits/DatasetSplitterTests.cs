using MedGen.Sdk.Errors;
using MedGen.Datasets.Splits;
using MedGen.Datasets.Reading;

namespace MedGen.Datasets.Tests.Splits;

public sealed class DatasetSplitterTests
{
    private static readonly LabelScheme Labels = new();

    [Fact]
    public void Split_WithoutASplit_GivesEveryClassPatientsToTrainAndTestOn()
    {
        DatasetItem[] items = [.. Items("rare", patients: 2, clips: 3), .. Items("common", patients: 12, clips: 2)];

        IReadOnlyList<DatasetItem> split = DatasetSplitter.Split(items, Labels, new SplitOptions { Seed = 3 });

        split.Select(item => item.FileName).ShouldBe(items.Select(item => item.FileName));
        split.GroupBy(item => item.PatientId).ShouldAllBe(patient => patient.Select(item => item.Split).Distinct().Count() == 1);
        Patients(split, "rare").ShouldBe([(DatasetSplit.Train, 1), (DatasetSplit.Test, 1)]);
        Patients(split, "common").ShouldBe([(DatasetSplit.Train, 8), (DatasetSplit.Validation, 2), (DatasetSplit.Test, 2)]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Split_PatientsWithUnequalNumbersOfClips_BalancesTheClips(int seed)
    {
        // One patient has two thirds of the clips, as in an archive with one long stay.
        DatasetItem[] items = [.. Items("a", patients: 9, clips: 2), .. Items("long", 1, 36).Select(item => item with { Label = "a" })];

        IReadOnlyList<DatasetItem> split = DatasetSplitter.Split(items, Labels, new SplitOptions { Seed = seed });

        split.Count(item => item.Split == DatasetSplit.Train).ShouldBeInRange(40, 50); // of 54
    }

    [Fact]
    public void Split_DependsOnTheSeedAndNotOnTheOrder()
    {
        DatasetItem[] items = [.. Items("a", 20, 1), .. Items("b", 20, 1)];
        Dictionary<string, DatasetSplit> SplitsOf(IEnumerable<DatasetItem> order, int seed) =>
            DatasetSplitter.Split([.. order], Labels, new SplitOptions { Seed = seed }).ToDictionary(item => item.FileName, item => item.Split);

        SplitsOf(items.Reverse(), 1).ShouldBe(SplitsOf(items, 1), ignoreOrder: true);
        SplitsOf(items, 2).OrderBy(one => one.Key).ShouldNotBe(SplitsOf(items, 1).OrderBy(one => one.Key));
    }

    [Fact]
    public void Split_AClassWithOnePatient_IsRefusedByName() =>
        Message([.. Items("a", 4, 1), .. Items("lonely", 1, 9)], new SplitOptions()).ShouldContain("class 'lonely' has 1 patient ('lonely-p1'); at least 2 are needed");

    [Fact]
    public void Split_ClipsWithoutPatients_AsksForAColumnOrForAWord()
    {
        DatasetItem[] items = [.. Items("a", 4, 1).Select(item => item with { PatientId = null })];

        Message(items, new SplitOptions()).ShouldContain("--group-column, or say by --no-groups");
        DatasetSplitter.Split(items, Labels, new SplitOptions { NoGroups = true }).ShouldAllBe(item => item.Split != DatasetSplit.None);
    }

    [Fact]
    public void Split_ALeak_NamesThePatientAndBothPlaces()
    {
        DatasetItem[] items = [.. Items("a", 2, 2).Select((item, i) => item with { Split = i == 1 ? DatasetSplit.Test : DatasetSplit.Train })];

        Message(items, new SplitOptions()).ShouldContain("patient_id 'a-p1' is in Train (a-p1-1.mp4) and in Test (a-p1-2.mp4)");
    }

    [Fact]
    public void Split_AStatedSplit_IsHonouredAndMustBeWholeAndHaveTrainingClips()
    {
        DatasetItem[] items = [.. Items("a", 3, 1).Select((item, i) => item with { Split = i == 0 ? DatasetSplit.Train : DatasetSplit.Test })];
        DatasetItem[] partly = [items[0], items[1] with { Split = DatasetSplit.None }];
        DatasetItem[] none = [.. items, .. Items("b", 1, 1).Select(item => item with { Split = DatasetSplit.Test })];

        DatasetSplitter.Split(items, Labels, new SplitOptions()).ShouldBe(items);
        Message(partly, new SplitOptions()).ShouldContain("1 of 2 clips name a split; all or none");
        Message(none, new SplitOptions()).ShouldContain("class 'b' has 1 clips, none of them for training");
    }

    private static string Message(DatasetItem[] items, SplitOptions options) => Should.Throw<InvalidInputException>(() => DatasetSplitter.Split(items, Labels, options)).Message;

    private static (DatasetSplit Split, int Patients)[] Patients(IReadOnlyList<DatasetItem> items, string label) =>
        [.. items.Where(item => item.Label == label).GroupBy(item => item.Split).OrderBy(split => split.Key).Select(split => (split.Key, split.Select(item => item.PatientId).Distinct().Count()))];

    private static IEnumerable<DatasetItem> Items(string label, int patients, int clips) =>
        from patient in Enumerable.Range(1, patients)
        from clip in Enumerable.Range(1, clips)
        let name = $"{label}-p{patient}-{clip}.mp4"
        select new DatasetItem { FileName = name, FullPath = "/" + name, Label = label, PatientId = $"{label}-p{patient}" };
}
