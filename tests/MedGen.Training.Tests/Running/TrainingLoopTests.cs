using System.Diagnostics;
using MedGen.Sdk.Errors;
using MedGen.Training.Checkpoints;
using MedGen.Training.Optimization;
using MedGen.Training.Recipes;
using MedGen.Training.Running;
using static TorchSharp.torch;

namespace MedGen.Training.Tests.Running;

[Collection("torch")]
public sealed class TrainingLoopTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-training-").FullName;

    private int _plots;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_LossThatIsNoNumber_StopsThereAndKeepsTheCheckpoint()
    {
        using Parabola trainee = new(failAt: 4);

        TrainingDivergedException error = Should.Throw<TrainingDivergedException>(() => Run(trainee, Path.Combine(_folder, "state.safetensors")));

        (error.Step, error.CheckpointStep).ShouldBe((5, 4));
        error.Message.ShouldContain("step 5");
        using Parabola again = new(failAt: 100);
        using AdamW optimizer = new(again.Parameters, new());
        new TrainingCheckpoint(Path.Combine(_folder, "state.safetensors"), "same", "float32", "avx2").Load(again.Parameters, optimizer).ShouldBe(4);
        again.Parameters.Values.isfinite().all().item<bool>().ShouldBeTrue();
        again.Parameters.Values.detach().eq(trainee.Parameters.Values.detach()).all().item<bool>().ShouldBeTrue();
    }

    [Fact]
    public void Run_Parabola_FindsItsBottom()
    {
        using Parabola trainee = new(failAt: int.MaxValue);

        Run(trainee, Path.Combine(_folder, "state.safetensors"), steps: 300);

        _plots.ShouldBe(150); // after each checkpoint

        trainee.Parameters.Values.detach().sub(3).abs().max().item<float>().ShouldBeLessThan(0.05f);
    }

    [Fact]
    public async Task Run_DiskThatIsFull_SaysSoAndLeavesTheOldCheckpoint()
    {
        string mount = Path.Combine(_folder, "small");
        Directory.CreateDirectory(mount);
        Assert.SkipUnless(await ProcessAsync("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", mount) == 0, "Mounting a tmpfs is not permitted here.");
        try
        {
            string path = Path.Combine(mount, "state.safetensors");
            using Parabola trainee = new(failAt: int.MaxValue, size: 35_000); // four vectors of 140 kB: one checkpoint fits, two do not
            new TrainingCheckpoint(path, "same", "float32", "avx2").Save(1, trainee.Parameters, new AdamW(trainee.Parameters, new()));
            byte[] before = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);

            Should.Throw<ResourceExhaustedException>(() => Run(trainee, path)).Message.ShouldContain("--resume");

            File.ReadAllBytes(path).ShouldBe(before);
            Directory.EnumerateFiles(mount).ShouldHaveSingleItem();
        }
        finally
        {
            (await ProcessAsync("umount", mount)).ShouldBe(0);
        }
    }

    [Fact]
    public void Run_DataThreadThatFails_EndsWithItsError()
    {
        using Parabola trainee = new(failAt: int.MaxValue) { FailBatches = true };

        Should.Throw<InvalidDataException>(() => Run(trainee, Path.Combine(_folder, "state.safetensors"))).Message.ShouldBe("no batch");
    }

    private void Run(Parabola trainee, string checkpoint, int steps = 8)
    {
        RunRecipe run = new()
        {
            Kind = RunKind.Flow,
            CheckpointEvery = 2,
            SampleEvery = 0,
            Optimizer = new() { LearningRate = 0.1, WeightDecay = 0, EmaDecay = 0 },
            Stages = [new() { Name = "only", Steps = steps, Batch = 1, Width = 32, Height = 32, Mix = new Dictionary<string, double> { ["any"] = 1 } }],
        };
        using AdamW optimizer = new(trainee.Parameters, run.Optimizer);
        using RunLog log = new(Path.Combine(_folder, "log.jsonl"), "flow", 0, null);
        new TrainingLoop<int>(trainee, run, new TrainingCheckpoint(checkpoint, "same", "float32", "avx2"), Path.Combine(_folder, "samples"), () => _plots++).Run(optimizer, 0, log, TestContext.Current.CancellationToken);
    }

    private static async Task<int> ProcessAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    /// <summary>(w − 3)², which is no number from some step on.</summary>
    private sealed class Parabola(int failAt, int size = 4) : ITrainee<int>
    {
        public bool FailBatches { get; init; }

        public ParameterVector Parameters { get; } = ParameterVector.Create(new Dictionary<string, Tensor> { ["a.weight"] = zeros(size / 2, 1), ["a.bias"] = zeros(size - (size / 2)) }, CPU);

        public int MakeBatch(TrainingPlace place) => FailBatches ? throw new InvalidDataException("no batch") : place.Step;

        public Tensor Loss(int batch, TrainingPlace place, IReadOnlyDictionary<string, Tensor> weights, IDictionary<string, Tensor> metrics)
        {
            batch.ShouldBe(place.Step);
            Tensor loss = weights.Values.Select(weight => (weight - 3).square().sum()).Aggregate((a, b) => a + b);
            return batch >= failAt ? loss * double.NaN : loss;
        }

        public void Export(bool isFinal)
        {
            // Nothing is used later.
        }

        public void DrawSamples(string path)
        {
            // There is nothing to see.
        }

        public IEnumerable<(int Batch, TrainingPlace Place)> ValidationBatches() => [];

        public void Dispose() => Parameters.Dispose();
    }
}
