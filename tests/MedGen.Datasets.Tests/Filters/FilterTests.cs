using MedGen.Datasets.Augmentation;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;
using MedGen.Datasets.Classifiers;
using MedGen.Datasets.Clips;
using MedGen.Datasets.Filters;
using MedGen.Datasets.Reading;

namespace MedGen.Datasets.Tests.Filters;

public sealed class FilterTests : IDisposable
{
    private static readonly ClipShape Shape = new() { Width = 32, Height = 32, NumFrames = 4, FramesPerSecond = 8 };
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-filter-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Privacy_RefusesGeneratedClipsNearerToATrainingClipThanStrangersAre()
    {
        DecodedClip[] training = [await ClipAsync("t", DatasetSplit.Train, Ramp(0)), await ClipAsync("u", DatasetSplit.Train, Ramp(Math.PI / 2))];
        DecodedClip[] test = [await ClipAsync("e", DatasetSplit.Test, Ramp(0.5)), await ClipAsync("f", DatasetSplit.Test, Ramp(0.9))];
        ClipJudge judge = new(new FilterOptions { Quality = new() { Enabled = false } }, training, test, _ => "a");

        // A ramp of direction φ correlates with one of direction 0 by cos φ: the nearest strangers are 0.5 of the one and π/2 − 0.9 of the other away; the 95th
        // percentile of two is the greater.
        judge.PrivacyLimit!.Value.ShouldBe(Math.Cos(0.5), 0.01);
        Judge(Ramp(0.3)).RejectReason.ShouldNotBeNull().ShouldStartWith("privacy:");
        Judge(Ramp(0.3), ClipOrigin.Altered).RejectReason.ShouldBeNull();
        Judge(Ramp(0.78)).RejectReason.ShouldBeNull();
        (Judge(Ramp(1.4)).NearestId, Judge(Ramp(0.1)).NearestId).ShouldBe(("u", "t"));

        ClipJudge.Verdict Judge(byte[] pixels, ClipOrigin origin = ClipOrigin.Generated) => judge.Judge(Candidate(pixels, origin));
    }

    [Fact]
    public async Task Privacy_OfATestClipThatIsACopyOfATrainingClip_LearnsNothingFromIt()
    {
        DecodedClip[] training = [await ClipAsync("t", DatasetSplit.Train, Ramp(0)), await ClipAsync("u", DatasetSplit.Train, Ramp(Math.PI / 2))];
        DecodedClip[] test = [await ClipAsync("copy", DatasetSplit.Test, Ramp(0)), await ClipAsync("e", DatasetSplit.Test, Ramp(0.5))];

        new ClipJudge(new FilterOptions { Quality = new() { Enabled = false } }, training, test, _ => "a").PrivacyLimit!.Value.ShouldBe(Math.Cos(0.5), 0.01);
        Should.Throw<InvalidInputException>(() => new ClipJudge(new FilterOptions(), training[..1], test[..1], _ => "a")).Message.ShouldContain("no test clip that is not a copy");
    }

    [Fact]
    public async Task Privacy_WithoutATestClip_MustBeTurnedOffInWords()
    {
        DecodedClip[] training = [await ClipAsync("t", DatasetSplit.Train, Ramp(0))];

        Should.Throw<InvalidInputException>(() => new ClipJudge(new FilterOptions(), training, [], _ => "a")).Message.ShouldContain("\"enabled\": false");
        new ClipJudge(new FilterOptions { Privacy = new() { Enabled = false } }, training, [], _ => "a").PrivacyLimit.ShouldBeNull();
    }

    [Fact]
    public async Task Judge_NamesWhatIsWrongWithAClip()
    {
        byte[] moving = [.. Enumerable.Range(0, Shape.NumFrames).SelectMany(t => Frame((x, y) => 60 + (((x * 5) + (y * 3) + (t * 8)) % 128)))];
        byte[] frozen = [.. Enumerable.Range(0, Shape.NumFrames).SelectMany(_ => Frame((x, y) => 60 + (((x * 5) + (y * 3)) % 128)))];
        byte[] flashing = [.. Enumerable.Range(0, Shape.NumFrames).SelectMany(t => Frame((x, y) => (t % 2 * 50) + 60 + (((x * 5) + (y * 3) + (t * 8)) % 128)))];
        DecodedClip[] training = [await ClipAsync("t", DatasetSplit.Train, moving)];
        ClipJudge judge = new(
            new FilterOptions { Privacy = new() { Enabled = false }, Outliers = new() { Enabled = false } }, training, [], _ => "a");

        judge.Judge(Candidate(moving)).RejectReason.ShouldBeNull();
        judge.Judge(Candidate(moving)).RejectReason.ShouldNotBeNull().ShouldStartWith("duplicate: correlation 1");
        judge.Judge(Candidate(frozen)).RejectReason.ShouldNotBeNull().ShouldStartWith("quality: motion 0 is below");
        judge.Judge(Candidate(flashing)).RejectReason.ShouldNotBeNull().ShouldStartWith("quality: flicker");
        judge.Judge(Candidate(new byte[Shape.Bytes])).RejectReason.ShouldNotBeNull().ShouldStartWith("quality: sharpness 0 is below");
    }

    [Fact]
    public async Task GeneratorInput_OfAClipThatIsNotForTraining_Refuses()
    {
        foreach (DatasetSplit split in Enum.GetValues<DatasetSplit>().Where(split => split != DatasetSplit.Train))
        {
            DecodedClip clip = await DecodedClip.CreateAsync(Item("x", split), Path.Combine(_folder, "x.rgb"), Shape, new byte[Shape.Bytes], TestContext.Current.CancellationToken);

            Should.Throw<InvalidOperationException>(() => GeneratorInput.Of(clip)).Message.ShouldContain(split.ToString());
        }
    }

    [Fact]
    public void SourceClips_AreMadeInOnePlace() =>
        Directory.EnumerateFiles(RepositoryRoot.Path("src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && File.ReadAllText(file).Contains("new SourceClip", StringComparison.Ordinal))
            .Select(Path.GetFileName).ShouldBe(["GeneratorInput.cs"]);

    [Fact]
    public void SoftmaxRegression_OfSeparableClasses_FindsThemWhateverTheirNumbers()
    {
        Random random = new(1);
        (double[] Features, string Label)[] examples =
        [
            .. Enumerable.Range(0, 60).Select(_ => (new[] { 2 + random.NextDouble(), 100 * random.NextDouble() }, "common")),
            .. Enumerable.Range(0, 4).Select(_ => (new[] { random.NextDouble(), 100 * random.NextDouble() }, "rare")),
        ];

        SoftmaxRegression classifier = SoftmaxRegression.Fit([.. examples.Select(e => e.Features)], [.. examples.Select(e => e.Label)], penalty: 0.01, steps: 500);

        classifier.Labels.ShouldBe(["common", "rare"]);
        classifier.Predict([2.5, 50])[0].ShouldBeGreaterThan(0.8);
        classifier.Predict([0.5, 50])[1].ShouldBeGreaterThan(0.8);
        classifier.Predict([1.6, 50]).Sum().ShouldBe(1, 1e-9);
    }

    private static CandidateClip Candidate(byte[] pixels, ClipOrigin origin = ClipOrigin.Altered) =>
        new("a", null, origin, ClipDescriptor.Of(pixels, Shape), ClipQuality.Of(pixels, Shape), pixels);

    private static byte[] Ramp(double direction) =>
        [.. Enumerable.Range(0, Shape.NumFrames).SelectMany(_ => Frame((x, y) => (int)Math.Round(128 + (5 * (((x - 15.5) * Math.Cos(direction)) + ((y - 15.5) * Math.Sin(direction)))))))];

    private static IEnumerable<byte> Frame(Func<int, int, int> grey) =>
        from y in Enumerable.Range(0, Shape.Height)
        from x in Enumerable.Range(0, Shape.Width)
        from _ in Enumerable.Range(0, 3)
        select (byte)grey(x, y);

    private static DatasetItem Item(string name, DatasetSplit split) => new() { FileName = name, FullPath = "/" + name, Label = "a", Split = split };

    private Task<DecodedClip> ClipAsync(string name, DatasetSplit split, byte[] pixels) =>
        DecodedClip.CreateAsync(Item(name, split), Path.Combine(_folder, name + ".rgb"), Shape, pixels, TestContext.Current.CancellationToken);
}
