using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Classifiers.Temporal;
using MedGen.Classifiers.Training.SurgicalPhase;
using MedGen.Classifiers.Training.SurgicalPhase.Evaluation;

namespace MedGen.Classifiers.Training.Tests.SurgicalPhase;

[Collection("torch")] // torch draws random numbers for the whole process
public sealed class PhaseTrainerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-phase-training-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task RunAsync_SimulatedProcedures_WritesWeightsAndEvaluation()
    {
        PhaseTrainingEvaluation evaluation = await new PhaseTrainer(Readers.Create()).RunAsync(Options(), null, TestContext.Current.CancellationToken);

        (evaluation.Train.Count, evaluation.Validation.Count, evaluation.Test.Count).ShouldBe((2, 1, 1));
        evaluation.Train.Concat(evaluation.Validation).Concat(evaluation.Test).Distinct().Count().ShouldBe(4);
        evaluation.Online.Confusion.Sum(row => row.Sum()).ShouldBe(evaluation.Online.Frames);
        File.ReadAllText(Path.Combine(_folder, "EVALUATION.md")).ShouldContain("no video is in two");
        (PhaseRecognizerMetadata metadata, _) = PhaseRecognizer.ReadMetadata(Path.Combine(_folder, PhaseTrainer.WeightsFileName));
        metadata.Labels.ShouldBe(SurgicalWorkflow.Cholec80.Phases);
        metadata.Graph().IsLegal(4, 6).ShouldBeTrue();
        metadata.Graph().IsLegal(3, 2).ShouldBeFalse();
        Directory.EnumerateFiles(_folder, "*.tmp", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task RunAsync_SplitFileOfSimulatedProcedures_IsRefused() =>
        (await Should.ThrowAsync<InvalidInputException>(() => Train(Options() with { SplitFile = "splits.csv" }))).Message.ShouldContain("split_file");

    [Fact, Long]
    public async Task RunAsync_FolderWithATraining_AsksForResume()
    {
        await Train(Options());

        (await Should.ThrowAsync<FailedPreconditionException>(() => Train(Options()))).Message.ShouldContain("--resume");
        await Train(Options() with { Resume = true });
    }

    [Fact, Long]
    public async Task RunAsync_ResumedWithAnotherSeed_ReadsItsOwnVideos()
    {
        await Train(Options());
        byte[] first = Views();

        await Train(Options() with { Seed = 2, Resume = true });
        byte[] second = Views();
        await Train(Options() with { Resume = true });

        second.ShouldNotBe(first);
        Views().ShouldBe(first);
    }

    [Fact]
    public async Task RunAsync_PhaseThatNoTrainingVideoShows_IsNamedBeforeAnythingIsWritten()
    {
        string data = Path.Combine(_folder, "data");
        Directory.CreateDirectory(Path.Combine(data, "phase_annotations"));
        Directory.CreateDirectory(Path.Combine(data, "videos"));
        for (int video = 1; video <= 3; video++)
        {
            File.Copy(RepositoryRoot.Path("samples", "clips", "laparoscopy.mp4"), Path.Combine(data, "videos", $"video{video:00}.mp4"));
            IEnumerable<string> lines = Enumerable.Range(0, 5).Select(second => $"{second}\t{(video == 3 ? second + 2 : second)}");
            File.WriteAllLines(Path.Combine(data, "phase_annotations", $"video{video:00}-phase.txt"), lines.Prepend("Frame\tPhase"));
        }

        string output = Path.Combine(_folder, "out");
        (await Should.ThrowAsync<InvalidInputException>(() => Train(Options() with { DataFolder = data, Split = "1/1/1", OutputFolder = output })))
            .Message.ShouldContain("No training video shows CleaningCoagulation, GallbladderRetraction;");
        Directory.Exists(output).ShouldBeFalse();
    }

    [Theory]
    [InlineData("video,split\n1,train\n2,validation\n3,test\n1,test\n", "line 5: video '1' is already in the split train")]
    [InlineData("1,train\n2,validation\n9,test\n", "line 3: the folder has no video '9'")]
    [InlineData("1,train\n2,dev\n", "line 2: a video and one of train, validation, test are expected")]
    [InlineData("1,train\n2,test\n", "each of train, validation and test needs at least one video")]
    public void Assign_WrongSplitFile_IsNamed(string text, string message)
    {
        string path = Path.Combine(_folder, "splits.csv");
        File.WriteAllText(path, text);

        Should.Throw<InvalidInputException>(() => PhaseSplitPlan.Assign(["1", "2", "3"], Options() with { SplitFile = path })).Message.ShouldContain(message);
    }

    [Fact]
    public void Assign_EightyVideos_TakesThePublishedSplit()
    {
        string[] videos = [.. Enumerable.Range(1, 80).Select(i => $"{i}")];

        IReadOnlyDictionary<string, PhaseSplit> splits = PhaseSplitPlan.Assign(videos, Options() with { Split = null });

        (splits["40"], splits["41"], splits["48"], splits["49"]).ShouldBe((PhaseSplit.Train, PhaseSplit.Validation, PhaseSplit.Validation, PhaseSplit.Test));
    }

    [Theory]
    [InlineData("2/1", "allowed: three numbers")]
    [InlineData("2/0/1", "allowed: three numbers")]
    [InlineData("2/1/1", "are 4 videos, the folder has 3")]
    public void Assign_WrongCounts_AreNamed(string split, string message) =>
        Should.Throw<InvalidInputException>(() => PhaseSplitPlan.Assign(["1", "2", "3"], Options() with { Split = split })).Message.ShouldContain(message);

    [Theory]
    [InlineData(250, new[] { 0, 25, 50, 75, 100, 125, 150, 175, 200, 225 })] // a line per frame
    [InlineData(10, new[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 })] // a line per second
    public void PerSecond_KnownRates_TakesALineASecond(int lines, int[] expected)
    {
        PhaseAnnotation labels = Labels(lines);

        PhaseDataset.PerSecond(labels, "video01.mp4", Video).ShouldBe(expected.Select(line => labels.Phases[line]));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(7)]
    [InlineData(300)]
    public void PerSecond_OtherLength_NamesBoth(int lines) =>
        Should.Throw<InvalidInputException>(() => PhaseDataset.PerSecond(Labels(lines), "video01.mp4", Video)).Message
            .ShouldContain($"video01-phase.txt has {lines} lines; video01.mp4 has 250 frames in 10.0 s");

    [Fact]
    public void Csv_ReadBack_GivesTheCourse()
    {
        PhaseCourse course = Course();
        string path = Path.Combine(_folder, "video01.csv");
        File.WriteAllText(path, PhaseExport.Csv(course));

        PhaseAnnotation read = PhaseFileReader.Read(path, SurgicalWorkflow.Cholec80);

        read.Phases.ShouldBe(course.Phases);
        read.Frames.ShouldBe(course.Frames);
        read.Probabilities.ShouldNotBeNull()[1].ShouldBe(course.Probabilities[1]);
    }

    [Fact]
    public void Cholec80_Course_HasAHeaderAndFramesAt25PerSecond() =>
        PhaseExport.Cholec80(Course()).ShouldBe("Frame\tPhase\n0\tPreparation\n25\tCalotTriangleDissection\n");

    [Fact]
    public void Cholec80_VideoAt2997_StillCountsASecondAsTwentyFiveFrames() =>
        PhaseExport.Cholec80(Course() with { Times = [0, 0.968] }).ShouldEndWith("25\tCalotTriangleDissection\n");

    private static VideoInfo Video { get; } = new() { Width = 8, Height = 8, FrameRate = 25, Duration = TimeSpan.FromSeconds(10), FrameCount = 250 };

    private static PhaseAnnotation Labels(int lines) => new()
    {
        Source = "video01-phase.txt",
        Frames = [.. Enumerable.Range(0, lines).Select(i => (long)i)],
        Phases = [.. Enumerable.Range(0, lines).Select(i => i % 7)],
    };

    private static PhaseCourse Course() => new()
    {
        Labels = SurgicalWorkflow.Cholec80.Phases,
        Times = [0, 1],
        Frames = [0, 30],
        Phases = [0, 1],
        Probabilities = [[1, 0, 0, 0, 0, 0, 0], [0.25, 0.75, 0, 0, 0, 0, 0]],
    };

    private static Task<PhaseTrainingEvaluation> Train(PhaseTrainingOptions options) =>
        new PhaseTrainer(Readers.Create()).RunAsync(options, null, TestContext.Current.CancellationToken);

    private byte[] Views() => File.ReadAllBytes(Path.Combine(_folder, "views", "simulated-train-001.views"));

    private PhaseTrainingOptions Options() => new()
    {
        OutputFolder = _folder,
        Split = "2/1/1",
        DurationScale = 0.02,
        FrameSteps = 2,
        BatchSize = 7,
        Epochs = 1,
        Maps = 16,
    };
}
