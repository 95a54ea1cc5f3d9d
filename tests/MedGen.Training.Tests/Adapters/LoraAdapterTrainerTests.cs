using System.Runtime.CompilerServices;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Frames;
using MedGen.Datasets.Adapters;
using MedGen.Datasets.Augmentation;
using MedGen.Model.Checkpoints;
using MedGen.Model.Pipelines;
using MedGen.Torch.Safetensors;
using MedGen.Training.Adapters;
using MedGen.Training.Running;
using MedGen.Training.Tests.Running;
using static TorchSharp.torch;

namespace MedGen.Training.Tests.Adapters;

[Collection("torch")]
public sealed class LoraAdapterTrainerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-adapter-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task TrainAsync_TwiceAndOnceInterrupted_GivesTheSameBytesThatFitTheModel()
    {
        await Trainings.RunAsync(Trainings.Parse(Trainings.AutoencoderRun(1), Trainings.FlowRun("text+flow", 2)), Path.Combine(_folder, "base"));
        string model = Path.Combine(_folder, "base", ModelTrainer.ModelFolderName);
        LoraAdapterTrainer trainer = new(model, "cpu", "float32");
        Recorder told = new(null, 0);

        AdapterTrainingResult result = await trainer.TrainAsync(Task("one", seed: 1), told, TestContext.Current.CancellationToken);
        using CancellationTokenSource stop = new();
        await Should.ThrowAsync<OperationCanceledException>(() => trainer.TrainAsync(Task("two", seed: 1), new Recorder(stop, 13), stop.Token));
        bool hasHalf = File.Exists(Path.Combine(_folder, "two.safetensors"));
        Recorder resumed = new(null, 0);
        AdapterTrainingResult again = await trainer.TrainAsync(Task("two", seed: 1), resumed, TestContext.Current.CancellationToken);
        await trainer.TrainAsync(Task("three", seed: 2), told, TestContext.Current.CancellationToken);

        hasHalf.ShouldBeFalse();
        again.ShouldBe(result);
        result.FirstLoss.ShouldBeGreaterThan(0);
        Bytes("two").ShouldBe(Bytes("one"));
        Bytes("three").ShouldNotBe(Bytes("one"));
        told.Steps[..21].ShouldBe(Enumerable.Range(0, 21));
        resumed.Steps.Where(step => step > 0).Min().ShouldBeGreaterThan(13);
        trainer.ComputeModelHash().ShouldBe(ModelFolder.Open(model).ComputeHash());
        Directory.Exists(Path.Combine(_folder, "one.training", "samples")).ShouldBeFalse();
        using MedGenPipeline pipeline = MedGenPipeline.Open(ModelFolder.Open(model), CPU, ScalarType.Float32);
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(_folder, "one.safetensors"));
        pipeline.OpenAdapter(file).Dispose();
    }

    [Fact]
    public void Violations_OfShapesThatTheModelCannotMake_NameWhatItAllows()
    {
        LoraAdapterTrainer trainer = new(RepositoryRoot.Path("models", "medgen-mini"), "cpu", "float32");

        trainer.Violations(new ClipShape { Width = 48, Height = 1024, NumFrames = 257 }).ShouldBeEmpty();
        trainer.Violations(new ClipShape { Width = 40, Height = 1040, NumFrames = 7 }).Select(violation => $"{violation.Field}: {violation.Description}").ShouldBe(
        [
            "width: got 40; allowed: multiples of 16 from 16 to 1024.",
            "height: got 1040; allowed: multiples of 16 from 16 to 1024.",
            "num_frames: got 7; allowed: 4k + 1 from 1 to 257.",
        ]);
    }

    private byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(_folder, $"{name}.safetensors"));

    private AdapterTrainingTask Task(string name, int seed) => new()
    {
        Name = "adapted-test",
        Training = new TrainedAdapter { Scope = AdapterScope.Dataset, Steps = 20, Rank = 2, LearningRate = 1e-2, BatchSize = 2 },
        Clips = [.. Enumerable.Range(0, 3).Select(i => new CaptionedClip(new SourceClip { Id = $"{i}.mp4", Label = "disc", Clip = new Ramp(i) }, $"{i:x64}", ["A red disc.", $"Disc {i}."]))],
        Shape = new ClipShape { Width = 32, Height = 32, NumFrames = 5 },
        Seed = seed,
        File = Path.Combine(_folder, $"{name}.safetensors"),
        WorkFolder = Path.Combine(_folder, $"{name}.training"),
    };

    private sealed class Recorder(CancellationTokenSource? stop, int at) : IProgress<AdapterTrainingStatus>
    {
        public List<int> Steps { get; } = [];

        public void Report(AdapterTrainingStatus value)
        {
            Steps.Add(value.Done);
            if (value.Done == at)
            {
                stop?.Cancel();
            }
        }
    }

    private sealed class Ramp(int seed) : IVideoClip
    {
        public VideoInfo Info { get; } = new() { Width = 32, Height = 32, FrameRate = 8, FrameCount = 5 };

        public bool IsLive => false;

        public async IAsyncEnumerable<VideoFrame> ReadFramesAsync(FrameSampling sampling, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            for (int t = 0; t < 5; t++)
            {
                yield return VideoFrame.Wrap([.. Enumerable.Range(0, 32 * 32 * 3).Select(i => (byte)((i * (seed + 1)) + (t * 9)))], 32, 32, t);
            }

            await System.Threading.Tasks.Task.CompletedTask;
        }
    }
}
