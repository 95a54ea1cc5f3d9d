using MedGen.Model.Transformers;
using MedGen.Training.Export;
using MedGen.Training.Optimization;
using MedGen.Training.Recipes;
using static TorchSharp.torch;

namespace MedGen.Training.Flow;

/// <summary>Trains all weights of a transformer, and those of the text encoder where it is trained too.</summary>
internal sealed class TransformerTrainee : FlowTrainee
{
    /// <summary>Start of the names of its weights.</summary>
    public const string Prefix = "transformer.";

    private readonly WanTransformerConfig _config;
    private readonly TrainedText? _trainedText;

    /// <summary>Starts from given weights.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="run">The run.</param>
    /// <param name="device">Where to train.</param>
    /// <param name="batches">Batches.</param>
    /// <param name="text">Text encoder; it belongs to this object.</param>
    /// <param name="folder">Where the model is written.</param>
    /// <param name="config">Sizes of the transformer.</param>
    /// <param name="initial">Weights by prefixed name; left as they are.</param>
    public TransformerTrainee(
        TrainingRecipe recipe,
        RunRecipe run,
        Device device,
        FlowBatches batches,
        ITextConditioning text,
        ModelFolderWriter folder,
        WanTransformerConfig config,
        IReadOnlyDictionary<string, Tensor> initial)
        : base(recipe, run, device, batches, text, folder)
    {
        (_config, _trainedText) = (config, text as TrainedText);
        Parameters = ParameterVector.Create(initial, device);
    }

    /// <inheritdoc/>
    public override ParameterVector Parameters { get; }

    /// <inheritdoc/>
    public override void Export(bool isFinal)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        IReadOnlyDictionary<string, Tensor> stored = ModelFolderWriter.Rounded(Parameters.AveragePieces(), Run.Storage);
        Folder.WriteTransformer(Part(Prefix), _config);
        if (_trainedText is not null)
        {
            Folder.WriteTextEncoder(Part(TrainedText.Prefix), _trainedText.Config);
        }

        Dictionary<string, Tensor> Part(string prefix) => stored.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    protected override Tensor Predict(Tensor noisy, Tensor timesteps, IReadOnlyList<Tensor> contexts, IReadOnlyDictionary<string, Tensor> weights)
    {
        using WanTransformer transformer = WanTransformer.Load(ParameterVector.Reader(weights, Prefix), _config, Device, DataType);
        using TextContext text = transformer.PrepareText(contexts);
        return transformer.Forward(noisy, timesteps.dim() == 1 ? timesteps : transformer.ByToken(timesteps, noisy), text);
    }
}
