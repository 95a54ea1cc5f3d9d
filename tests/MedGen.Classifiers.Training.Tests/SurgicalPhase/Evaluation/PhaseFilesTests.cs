using MedGen.Sdk.Errors;
using MedGen.Classifiers.Training.SurgicalPhase;
using MedGen.Classifiers.Training.SurgicalPhase.Evaluation;

namespace MedGen.Classifiers.Training.Tests.SurgicalPhase.Evaluation;

public sealed class PhaseFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-phases-").FullName;

    public PhaseFilesTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "pred"));
        Directory.CreateDirectory(Path.Combine(_folder, "truth"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("Frame\tPhase\n0\tPreparation\n1\tCalotTriangleDissection\n")]
    [InlineData("Frame\tPhase\r\n0\tPreparation\r\n25\tcalot triangle dissection\r\n")]
    [InlineData("0\t0\n25\t1\n")]
    [InlineData("0 0\n1 1\n")]
    [InlineData("0 Preparation\n1 Calot-Triangle Dissection\n")]
    [InlineData("frame,seconds,phase\n0,0,Preparation\n25,1,CalotTriangleDissection\n")]
    [InlineData("Preparation\nCalotTriangleDissection")]
    [InlineData("Phase\n0\n1\n\n")]
    public void Read_FormatsOfCholec80_GiveTheSamePhases(string text) => Read(text).Phases.ShouldBe([0, 1]);

    [Fact]
    public void Read_IdsOfAutoLaparo_CountFromOne() => Read("1\t1\n2\t7\n", SurgicalWorkflow.AutoLaparo).Phases.ShouldBe([0, 6]);

    [Fact]
    public void Read_ProbabilityColumns_AreInTheOrderOfThePhases()
    {
        string header = "frame,phase," + string.Join(",", SurgicalWorkflow.Cholec80.Phases.Select(p => "p_" + p).Reverse());

        Read(header + "\n0,Preparation,0,0,0,0,0,0.25,0.75\n").Probabilities!.ShouldHaveSingleItem().ShouldBe([0.75, 0.25, 0, 0, 0, 0, 0]);
    }

    [Theory]
    [InlineData("Frame\tPhase\n0\tPreparation\n1\tSuturing\n", "video01.txt, line 3: unknown phase 'Suturing'")]
    [InlineData("0\t0\n1\t7\n", "video01.txt, line 2: unknown phase '7'")]
    [InlineData("0\t0\n0\t1\n", "video01.txt, line 2: frame 0 follows frame 0")]
    [InlineData("Frame\tPhase\nx\tPreparation\n", "video01.txt, line 2: got 'x' as the frame number")]
    [InlineData("Frame\tPhase\n0\t\u001b[2JCalot\n", "unknown phase '\uFFFD[2JCalot'")]
    [InlineData("frame,seconds,phase\n0,0\n", "video01.txt, line 2: the line has 2 cells")]
    [InlineData("Frame\tPhase\n", "video01.txt: the file has no line")]
    public void Read_WrongLine_NamesFileAndLine(string text, string message) =>
        Should.Throw<InvalidInputException>(() => Read(text)).Message.ShouldContain(message);

    [Theory]
    [InlineData("video41-phase.txt", "41")]
    [InlineData("video41.txt", "41")]
    [InlineData("label_07.txt", "7")]
    [InlineData("07.csv", "7")]
    [InlineData("fold2_video41.txt", "41")]
    [InlineData("patient-b-phase.txt", "patient-b")]
    public void VideoOf_NamesInUse_GivesTheVideo(string name, string video) => PhasePairs.VideoOf(name).ShouldBe(video);

    [Fact]
    public void Read_Folders_PairsByVideoInTheOrderOfNumbers()
    {
        Write("pred/video10.txt", "0\t1\n");
        Write("pred/2.txt", "0\t2\n");
        Write("truth/video10-phase.txt", "0\tPreparation\n");
        Write("truth/video02-phase.txt", "0\tPreparation\n");

        IReadOnlyList<PhasePair> pairs = Pairs();

        pairs.Select(p => p.Video).ShouldBe(["2", "10"]);
        pairs[0].Predicted.ShouldBe([2]);
    }

    [Fact]
    public void Read_MissingFiles_AreAllNamed()
    {
        Write("pred/video01.txt", "0\t1\n");
        Write("truth/video02-phase.txt", "0\t1\n");

        InvalidInputException error = Should.Throw<InvalidInputException>(() => Pairs());

        error.Violations.Select(v => v.Field).ShouldBe(["pred", "truth"]);
        error.Message.ShouldContain("no file for video 2, which video02-phase.txt is about");
        error.Message.ShouldContain("no file for video 1, which video01.txt is about");
    }

    [Fact]
    public void Read_ChosenVideos_LeavesTheOthersOut()
    {
        Write("pred/video01.txt", "0\t1\n");
        Write("truth/video01.txt", "0\t1\n");
        Write("truth/video02.txt", "0\t1\n");

        PhasePairs.Read(Path.Combine(_folder, "pred"), Path.Combine(_folder, "truth"), SurgicalWorkflow.Cholec80, new HashSet<string> { "1" }).Count.ShouldBe(1);
    }

    [Fact]
    public void Read_TwoFilesOfOneVideo_AreRefused()
    {
        Write("pred/video01.txt", "0\t1\n");
        Write("pred/1.csv", "0,1\n");
        Write("truth/video01.txt", "0\t1\n");

        Should.Throw<InvalidInputException>(() => Pairs()).Message.ShouldContain("both about video 1");
    }

    [Theory]
    [InlineData("0\t1\n1\t1\n", "0\t1\n1\t1\n2\t1\n")] // one short
    [InlineData("0\t1\n2\t1\n", "0\t1\n1\t1\n2\t1\n3\t1\n4\t1\n")] // every second, but not to the end
    [InlineData("1\t1\n3\t1\n", "0\t1\n1\t1\n2\t1\n3\t1\n")] // every second, not from the start
    public void Read_LengthsThatDiffer_AreNamed(string predicted, string truth)
    {
        Write("pred/video01.txt", predicted);
        Write("truth/video01.txt", truth);

        Should.Throw<InvalidInputException>(() => Pairs()).Message.ShouldContain($"the prediction video01.txt has 2 frames, the truth video01.txt has {truth.Count(c => c == '\n')}");
    }

    [Fact]
    public void Read_TruthOfEveryFrame_IsReadAtThePredictedOnes()
    {
        Write("pred/video01.txt", "0\t1\n2\t2\n4\t3\n");
        Write("truth/video01.txt", "0\t0\n1\t1\n2\t2\n3\t3\n4\t4\n");

        PhasePair pair = Pairs().ShouldHaveSingleItem();

        pair.Truth.ShouldBe([0, 2, 4]);
        pair.TruthStep.ShouldBe(2);
    }

    [Theory]
    [InlineData(75, 25)] // a line per frame at 25 fps
    [InlineData(3, 1)] // a line per second
    public void Read_VideoOfAnotherRate_IsMatchedByItsTimes(int lines, int step)
    {
        Write("pred/video01.csv", "frame,seconds,phase\n0,0,0\n29,0.968,1\n59,1.969,2\n");
        Write("truth/video01.txt", string.Concat(Enumerable.Range(0, lines).Select(line => $"{line}\t{line / step}\n")));

        Pairs().ShouldHaveSingleItem().Truth.ShouldBe([0, 1, 2]);
    }

    [Fact]
    public void Read_OtherFramesInOneFile_AreNamed()
    {
        Write("pred/video01.txt", "0\t1\n1\t1\n3\t1\n");
        Write("truth/video01.txt", "0\t1\n1\t1\n2\t1\n");

        Should.Throw<InvalidInputException>(() => Pairs()).Message.ShouldContain("entry 3 of video01.txt is about frame 3");
    }

    private IReadOnlyList<PhasePair> Pairs() => PhasePairs.Read(Path.Combine(_folder, "pred"), Path.Combine(_folder, "truth"), SurgicalWorkflow.Cholec80);

    private PhaseAnnotation Read(string text, SurgicalWorkflow? workflow = null)
    {
        Write("video01.txt", text);
        return PhaseFileReader.Read(Path.Combine(_folder, "video01.txt"), workflow ?? SurgicalWorkflow.Cholec80);
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
}
