using MedGen.Sdk.Frames;
using MedGen.Model.Checkpoints;
using MedGen.Model.Pipelines;
using MedGen.Torch.Operations;
using MedGen.Training.Export;
using MedGen.Training.Optimization;
using MedGen.Training.Recipes;
using MedGen.Training.Running;
using static TorchSharp.torch;

namespace MedGen.Training.Flow;

/// <summary>Trains something that predicts the flow's velocity; what exactly, the derived classes say.</summary>
internal abstract class FlowTrainee : ITrainee<FlowBatch>
{
    private const int DefaultPrompts = 4;
    private const int ShownFrames = 5;

    private readonly TrainingRecipe _recipe;
    private readonly FlowBatches _batches;
    private readonly ITextConditioning _text;

    /// <summary>Takes what all of them need.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="run">The run.</param>
    /// <param name="device">Where to train.</param>
    /// <param name="batches">Batches.</param>
    /// <param name="text">Text encoder; it belongs to this object.</param>
    /// <param name="folder">Where the model is written.</param>
    protected FlowTrainee(TrainingRecipe recipe, RunRecipe run, Device device, FlowBatches batches, ITextConditioning text, ModelFolderWriter folder)
    {
        (_recipe, Run, Device, _batches, _text, Folder) = (recipe, run, device, batches, text, folder);
        DataType = NumberType.Parse(run.Dtype, device);
    }

    /// <inheritdoc/>
    public abstract ParameterVector Parameters { get; }

    /// <summary>The run.</summary>
    protected RunRecipe Run { get; }

    /// <summary>Where to train.</summary>
    protected Device Device { get; }

    /// <summary>What to compute in.</summary>
    protected ScalarType DataType { get; }

    /// <summary>Where the model is written.</summary>
    protected ModelFolderWriter Folder { get; }

    /// <inheritdoc/>
    public FlowBatch MakeBatch(TrainingPlace place) => _batches.Make(place);

    /// <inheritdoc/>
    public Tensor Loss(FlowBatch batch, TrainingPlace place, IReadOnlyDictionary<string, Tensor> weights, IDictionary<string, Tensor> metrics)
    {
        using var scope = NewDisposeScope();
        Tensor clean = tensor(batch.Latents, batch.Shape).to(Device); // [B, C, F, H, W]
        using Generator generator = StepRandom.CreateGenerator(_recipe.Seed, $"noise {place.Purpose}", place.Step, place.Part);
        Tensor noise = randn(batch.Shape, ScalarType.Float32, generator: generator).to(Device);
        // On the CPU, where the time embedding starts: [B], or [B, F] where a first frame is given.
        Tensor sigmas = FlowMatching.ByFrame(tensor(batch.Sigmas), batch.Given, batch.Shape[2]);
        Tensor onDevice = sigmas.to(Device);
        Tensor noisy = FlowMatching.Mix(clean, noise, onDevice);
        IReadOnlyList<Tensor> contexts = _text.Encode(batch.Captions, weights);
        Tensor velocity = Predict(noisy, sigmas * FlowMatching.TrainTimesteps, contexts, weights);
        return FlowMatching.Loss(velocity, clean, noise, onDevice).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public abstract void Export(bool isFinal);

    /// <inheritdoc/>
    public void DrawSamples(string path)
    {
        // The way a user takes: from the written folder through the pipeline.
        using MedGenPipeline pipeline = MedGenPipeline.Open(ModelFolder.Open(Folder.Folder), Device, DataType);
        StageRecipe stage = Run.Stages[^1];
        IReadOnlyList<string> prompts = Run.Samples.Prompts.Count > 0
            ? Run.Samples.Prompts
            : [.. _batches.Items.Select(item => item.Detailed).Distinct().Take(DefaultPrompts)];
        List<IReadOnlyList<ReadOnlyMemory<byte>>> rows = [.. prompts.Select(prompt => Generate(pipeline, prompt, stage))];
        SampleGrid.Write(path, rows, stage.Width, stage.Height, pipeline.Description.Hash);
    }

    /// <inheritdoc/>
    public IEnumerable<(FlowBatch Batch, TrainingPlace Place)> ValidationBatches() => _batches.Validation();

    /// <inheritdoc/>
    public void Dispose()
    {
        _text.Dispose();
        Parameters.Dispose();
        DisposeBase();
    }

    /// <summary>Predicts velocities.</summary>
    /// <param name="noisy">[B, C, F, H, W].</param>
    /// <param name="timesteps">[B], or [B, F] for each latent frame; 0 to 1000, on the CPU.</param>
    /// <param name="contexts">Text rows of each.</param>
    /// <param name="weights">Weights that are trained, by name.</param>
    /// <returns>[B, C, F, H, W], float32, in the current dispose scope.</returns>
    protected abstract Tensor Predict(Tensor noisy, Tensor timesteps, IReadOnlyList<Tensor> contexts, IReadOnlyDictionary<string, Tensor> weights);

    /// <summary>Disposes what is used and not trained.</summary>
    protected virtual void DisposeBase()
    {
    }

    private List<ReadOnlyMemory<byte>> Generate(MedGenPipeline pipeline, string prompt, StageRecipe stage)
    {
        ClipShape shape = stage.Shape;
        byte[] clip = GeneratedClip.Make(pipeline, prompt, Run.Samples.Seed, shape, Run.Samples);
        int shown = Math.Min(ShownFrames, shape.NumFrames);
        return
        [
            .. Enumerable.Range(0, shown).Select(
                i => new ReadOnlyMemory<byte>(clip, (shown == 1 ? 0 : i * (shape.NumFrames - 1) / (shown - 1)) * shape.FrameBytes, shape.FrameBytes)),
        ];
    }
}
