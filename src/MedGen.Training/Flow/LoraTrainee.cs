using MedGen.Model.Adapters;
using MedGen.Model.Transformers;
using MedGen.Training.Export;
using MedGen.Training.Optimization;
using MedGen.Training.Recipes;
using static TorchSharp.torch;

namespace MedGen.Training.Flow;

/// <summary>Trains a low-rank adapter over a transformer that stays as it is. The update starts as nothing: up is zero.</summary>
internal sealed class LoraTrainee : FlowTrainee
{
    private const string Down = ".down";
    private const string Up = ".up";

    private readonly WanTransformer _transformer;
    private readonly double _factor;

    /// <summary>Starts from random down and zero up projections.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="run">The run.</param>
    /// <param name="device">Where to train.</param>
    /// <param name="batches">Batches.</param>
    /// <param name="text">Text encoder; it belongs to this object.</param>
    /// <param name="folder">Where the adapter is written.</param>
    /// <param name="transformer">The base; it belongs to this object.</param>
    public LoraTrainee(
        TrainingRecipe recipe, RunRecipe run, Device device, FlowBatches batches, ITextConditioning text, ModelFolderWriter folder,
        WanTransformer transformer)
        : base(recipe, run, device, batches, text, folder)
    {
        _transformer = transformer;
        LoraOptions lora = run.Lora!;
        _factor = lora.Alpha / lora.Rank;
        using var scope = NewDisposeScope();
        using Generator generator = StepRandom.CreateGenerator(recipe.Seed, "initial adapter", 0);
        Dictionary<string, Tensor> initial = new(StringComparer.Ordinal);
        IEnumerable<KeyValuePair<string, IReadOnlyList<long>>> targets = transformer.Linears.Where(linear => IsTarget(linear.Key, lora));
        foreach ((string module, IReadOnlyList<long> shape) in targets.OrderBy(linear => linear.Key, StringComparer.Ordinal))
        {
            // As PEFT: uniform with variance 1 / (3 · in).
            initial.Add(module + Down, (rand([lora.Rank, shape[1]], ScalarType.Float32, generator: generator) * 2 - 1) / Math.Sqrt(shape[1]));
            initial.Add(module + Up, zeros(shape[0], lora.Rank));
        }

        Parameters = ParameterVector.Create(initial, device);
    }

    /// <inheritdoc/>
    public override ParameterVector Parameters { get; }

    /// <inheritdoc/>
    public override void Export(bool isFinal)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        // DiffSynth stores no alpha: alpha / rank goes into the up projection.
        Folder.WriteAdapter(ModelFolderWriter.Rounded(
            Parameters.AveragePieces().OrderBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary(
                pair => pair.Key.EndsWith(Up, StringComparison.Ordinal)
                    ? $"{pair.Key[..^Up.Length]}.lora_B.default.weight"
                    : $"{pair.Key[..^Down.Length]}.lora_A.default.weight",
                pair => pair.Key.EndsWith(Up, StringComparison.Ordinal) ? pair.Value * _factor : pair.Value,
                StringComparer.Ordinal),
            Run.Storage));
    }

    /// <inheritdoc/>
    protected override Tensor Predict(Tensor noisy, Tensor timesteps, IReadOnlyList<Tensor> contexts, IReadOnlyDictionary<string, Tensor> weights)
    {
        using LoraAdapter adapter = LoraAdapter.Over(
            "in training",
            weights.Keys.Where(key => key.EndsWith(Up, StringComparison.Ordinal)).Select(key => key[..^Up.Length]).ToDictionary(
                module => module,
                module => (weights[module + Down].to_type(DataType).alias(), weights[module + Up].to_type(DataType).alias()),
                StringComparer.Ordinal),
            _factor);
        ForwardContext context = new() { Adapters = new AdapterSet((adapter, 1.0)) };
        using TextContext text = _transformer.PrepareText(contexts, context);
        return _transformer.Forward(noisy, timesteps.dim() == 1 ? timesteps : _transformer.ByToken(timesteps, noisy), text, context);
    }

    /// <inheritdoc/>
    protected override void DisposeBase() => _transformer.Dispose();

    private static bool IsTarget(string module, LoraOptions lora) =>
        module.StartsWith("blocks.", StringComparison.Ordinal) && lora.Targets.Any(target => module.EndsWith($".{target}", StringComparison.Ordinal));
}
