namespace MedGen.Cli.Tests;

public sealed class ClassifyPhasesTests : IDisposable
{
    private static readonly string Film = RepositoryRoot.Path("samples", "clips", "laparoscopy.mp4");
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task ClassifyPhases_WithTruth_WritesCourseAndPictures()
    {
        WriteTruth(seconds: 5);

        (int exitCode, _, string error) = await MedGenCommand.RunAsync("classify", "phases", Film, "--export", Out, "--format", "cholec80", "--truth", _folder);

        exitCode.ShouldBe(0, error);
        Written().ShouldBe(["laparoscopy-phase.txt", "laparoscopy.png", "laparoscopy.svg"]);
        File.ReadLines(Path.Combine(Out, "laparoscopy-phase.txt")).Select(line => line.Split('\t')[0]).ShouldBe(["Frame", "0", "25", "50", "75", "100"]);
    }

    [Fact, Long]
    public async Task ClassifyPhases_TruthOfAnotherLength_KeepsTheCourseAndSaysWhereItIs()
    {
        WriteTruth(seconds: 9);

        (int exitCode, _, string error) = await MedGenCommand.RunAsync("classify", "phases", Film, "--export", Out, "--truth", _folder);

        exitCode.ShouldBe(3);
        error.ShouldContain("has 5 frames, the truth laparoscopy.txt has 9");
        error.ShouldContain($"The course is in {Path.Combine(Out, "laparoscopy.csv")}");
        Written().ShouldBe(["laparoscopy.csv"]);
    }

    [Fact]
    public async Task ClassifyPhases_FilmWithoutTruthOrOfTheSameName_IsRefusedBeforeAnyIsClassified()
    {
        string other = Path.Combine(_folder, "laparoscopy.mkv");
        File.Copy(Film, other);

        (int noTruth, _, string noTruthError) = await MedGenCommand.RunAsync("classify", "phases", Film, "--export", Out, "--truth", _folder);
        (int sameName, _, string sameNameError) = await MedGenCommand.RunAsync("classify", "phases", Film, other, "--export", Out);

        (noTruth, sameName).ShouldBe((3, 3));
        noTruthError.ShouldContain("truth: The folder has no label file for laparoscopy.mp4");
        sameNameError.ShouldContain("would both be exported as 'laparoscopy'");
        Directory.Exists(Out).ShouldBeFalse();
    }

    private string Out => Path.Combine(_folder, "out");

    private IEnumerable<string?> Written() => Directory.EnumerateFiles(Out).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    private void WriteTruth(int seconds) =>
        File.WriteAllLines(Path.Combine(_folder, "laparoscopy.txt"), Enumerable.Range(0, seconds).Select(second => $"{second}\tPreparation"));
}
