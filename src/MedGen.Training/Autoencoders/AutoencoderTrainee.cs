using MedGen.Datasets.Reading;
using MedGen.Model.Autoencoders;
using MedGen.Torch.Operations;
using MedGen.Training.Clips;
using MedGen.Training.Export;
using MedGen.Training.Optimization;
using MedGen.Training.Recipes;
using MedGen.Training.Running;
using static TorchSharp.torch;

namespace MedGen.Training.Autoencoders;

/// <summary>Trains the causal video autoencoder, or its decoder alone, on what it reconstructs; stills and clips go through the same code.</summary>
internal sealed class AutoencoderTrainee : ITrainee<VideoBatch>
{
    private const int ShownClips = 8;
    private const int FinalStatisticsClips = 256;
    private const int StatisticsClips = 16;

    private readonly RunRecipe _run;
    private readonly int _seed;
    private readonly AutoencoderStart _start;
    private readonly Device _device;
    private readonly ScalarType _dataType;
    private readonly VideoBatches _batches;
    private readonly IReadOnlyList<PreparedClip> _measured;
    private readonly IReadOnlyList<PreparedClip> _heldOut;
    private readonly ModelFolderWriter _folder;

    /// <summary>Prepares a training.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="run">The run.</param>
    /// <param name="start">Starting weights; they must live as long as this.</param>
    /// <param name="device">Where to train.</param>
    /// <param name="stages">Clips and stills of each stage.</param>
    /// <param name="heldOut">Held-out clips at the last stage's shape.</param>
    /// <param name="folder">Where the model is written.</param>
    public AutoencoderTrainee(
        TrainingRecipe recipe,
        RunRecipe run,
        AutoencoderStart start,
        Device device,
        IReadOnlyList<(ClipMix<PreparedClip> Clips, ClipMix<PreparedClip> Stills)> stages,
        IReadOnlyList<PreparedClip> heldOut,
        ModelFolderWriter folder)
    {
        (_run, _seed, _start, _device, _heldOut, _folder) = (run, recipe.Seed, start, device, heldOut, folder);
        _dataType = NumberType.Parse(run.Dtype, device);
        _batches = new VideoBatches(recipe.Seed, stages);
        _measured = [.. (stages[^1].Clips.IsEmpty ? stages[^1].Stills : stages[^1].Clips).All.OrderBy(clip => PatientSplit.Fraction(clip.Clip.Name))];
        using var scope = NewDisposeScope();
        Parameters = ParameterVector.Create(start.Trained, device);
    }

    /// <inheritdoc/>
    public ParameterVector Parameters { get; }

    /// <inheritdoc/>
    public VideoBatch MakeBatch(TrainingPlace place) => _batches.Make(place);

    /// <inheritdoc/>
    public Tensor Loss(VideoBatch batch, TrainingPlace place, IReadOnlyDictionary<string, Tensor> weights, IDictionary<string, Tensor> metrics)
    {
        using var scope = NewDisposeScope();
        using WanAutoencoder autoencoder = Build(weights, _dataType);
        Tensor video = PixelTensors.ToVideo(batch.Pixels, batch.Clips, batch.Frames, batch.Height, batch.Width, _device); // [B, 3, T, H, W]
        (Tensor mean, Tensor logVariance) = autoencoder.EncodeDistribution(video); // [B, z, T', H/8, W/8]
        (mean, logVariance) = (mean.to_type(ScalarType.Float32), logVariance.to_type(ScalarType.Float32).clamp(-30, 20));
        using Generator generator = StepRandom.CreateGenerator(_seed, $"posterior {place.Purpose}", place.Step, place.Part);
        Tensor noise = randn(mean.shape, ScalarType.Float32, generator: generator).to(_device);
        Tensor output = autoencoder.DecodeWhole(mean + ((logVariance * 0.5).exp() * noise)).to_type(ScalarType.Float32); // [B, 3, T, H, W]
        Tensor loss = ReconstructionLoss.Of(output, video, mean, logVariance, _run.Reconstruction);
        using var noGrad = no_grad();
        Tensor error = (output.detach().clamp(-1, 1) - video).square().mean();
        metrics["psnr"] = (10 * (4 / error.clamp(min: 1e-10)).log10()).MoveToOuterDisposeScope();
        return loss.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Export(bool isFinal)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        IReadOnlyDictionary<string, Tensor> stored = ModelFolderWriter.Rounded(
            Parameters.AveragePieces().Concat(_start.Fixed).ToDictionary(StringComparer.Ordinal), _run.Storage);
        _folder.WriteAutoencoder(stored, _start.Statistics ?? Measure(stored, isFinal ? FinalStatisticsClips : StatisticsClips));
    }

    /// <inheritdoc/>
    public void DrawSamples(string path)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using WanAutoencoder autoencoder = Build(Parameters.AveragePieces(), ScalarType.Float32);
        List<ReadOnlyMemory<byte>> inputs = [];
        List<ReadOnlyMemory<byte>> outputs = [];
        PreparedClip[] shown = [.. _heldOut.Concat(_measured).Take(ShownClips)];
        foreach (PreparedClip clip in shown)
        {
            using var inner = NewDisposeScope();
            Tensor video = Read(clip);
            Tensor output = autoencoder.Decode(autoencoder.EncodeDistribution(video).Mean);
            // The last frame of a clip has gone through everything temporal.
            inputs.Add(PixelTensors.ToBytes(video, 0, clip.Shape.NumFrames - 1));
            outputs.Add(PixelTensors.ToBytes(output, 0, clip.Shape.NumFrames - 1));
        }

        SampleGrid.Write(path, [inputs, outputs], shown[0].Shape.Width, shown[0].Shape.Height, provenanceId: null);
    }

    /// <inheritdoc/>
    public IEnumerable<(VideoBatch Batch, TrainingPlace Place)> ValidationBatches() => _heldOut.Take(_run.ValidationClips).Select((clip, index) => (
        new VideoBatch(File.ReadAllBytes(clip.Path), 1, clip.Shape.NumFrames, clip.Shape.Height, clip.Shape.Width),
        new TrainingPlace(_run.Stages[^1], _run.Stages.Count - 1, 0, index, "validate")));

    /// <inheritdoc/>
    public void Dispose() => Parameters.Dispose();

    // An autoencoder takes what it is given for its own: fixed weights go in as aliases.
    private WanAutoencoder Build(IReadOnlyDictionary<string, Tensor> trained, ScalarType dataType) => WanAutoencoder.Load(
        (name, _) => trained.TryGetValue(name, out Tensor? weight) ? weight : _start.Fixed[name].alias(), _start.Config, _device, dataType);

    private WanAutoencoderConfig Measure(IReadOnlyDictionary<string, Tensor> weights, int clips)
    {
        using WanAutoencoder autoencoder = WanAutoencoder.Load((name, _) => weights[name].alias(), _start.Config, _device, ScalarType.Float32);
        LatentStatistics statistics = new(_start.Config.LatentChannels);
        foreach (PreparedClip clip in _measured.Take(clips))
        {
            using var scope = NewDisposeScope();
            statistics.Add(autoencoder, Read(clip));
        }

        return statistics.Apply(_start.Config);
    }

    private Tensor Read(PreparedClip clip) =>
        PixelTensors.ToVideo(File.ReadAllBytes(clip.Path), 1, clip.Shape.NumFrames, clip.Shape.Height, clip.Shape.Width, _device);
}
