using MedGen.Training.Running;

namespace MedGen.Training.Tests.Running;

public sealed class RunLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-log-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ReadCurves_LossMetricsAndHeldOutClips_GivesEachItsOwnCurve()
    {
        string path = Path.Combine(_folder, "log.jsonl");
        using RunLog log = new(path, "autoencoder", 0, null);
        log.Write(Line("train", 1, 0.9, 20));
        log.Write(Line("train", 2, 0.8, 21));
        log.Write(Line("validate", 2, 0.7, null));

        IReadOnlyDictionary<string, TrainingCurve> curves = RunLog.ReadCurves(path);

        curves.Keys.ShouldBe(["loss", "psnr"], ignoreOrder: true);
        curves["loss"].Training.ShouldBe([(1, 0.9), (2, 0.8)]);
        curves["loss"].Validation.ShouldBe([(2, 0.7)]);
        curves["psnr"].Training.ShouldBe([(1, 20), (2, 21)]);
        curves["psnr"].Validation.ShouldBeEmpty();
    }

    private static TrainingProgress Line(string kind, int step, double loss, double? psnr) => new()
    {
        Run = "autoencoder", Event = kind, Done = step, Total = 2, Loss = loss, Metrics = psnr is { } value ? new Dictionary<string, double> { ["psnr"] = value } : null,
    };
}
