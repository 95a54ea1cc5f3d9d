using System.Security.Cryptography;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Models;
using MedGen.Model.Autoencoders;
using MedGen.Model.Checkpoints;
using MedGen.Model.TextEncoders;
using MedGen.Model.TextEncoders.Cleaning;
using MedGen.Model.Transformers;
using MedGen.Torch.Operations;
using MedGen.Torch.Weights;
using MedGen.Training.Clips;
using MedGen.Training.Optimization;
using MedGen.Training.Recipes;
using MedGen.Training.Running;
using MedGen.Training.Text;
using static TorchSharp.torch;

namespace MedGen.Training.Flow;

/// <summary>Gets everything ready that a flow is trained with: fixed parts, latents, vocabulary, first weights.</summary>
internal sealed class FlowPreparation(TrainingState state)
{
    private readonly ScalarType _dataType = NumberType.Parse(state.Run.Dtype, state.Device);

    /// <summary>Makes what is trained.</summary>
    /// <param name="stages">Clips of each stage.</param>
    /// <param name="heldOut">Held-out clips.</param>
    /// <param name="cancellationToken">Stops the encoding of clips.</param>
    public FlowTrainee Create(IReadOnlyList<StageClips> stages, IReadOnlyList<PreparedClip> heldOut, CancellationToken cancellationToken)
    {
        ModelFolder source = Adopt();
        using WanAutoencoder autoencoder = source.OpenAutoencoder(state.Device, ScalarType.Float32);
        LatentPreparation latents = new(
            autoencoder, Hash([source.Files.Autoencoder, source.Files.AutoencoderConfig]), state.Device, state.Files.Cache);
        List<ClipMix<FlowItem>> mixes = [];
        for (int i = 0; i < stages.Count; i++)
        {
            string name = state.Run.Stages[i].Name;
            mixes.Add(new ClipMix<FlowItem>([.. stages[i].Clips.Select(clips => (clips.Weight, Prepare(clips.Items, name)))]));
        }

        FlowBatches batches = new(
            state.Recipe.Seed, state.Run, autoencoder.Config.LatentChannels, mixes, Prepare(heldOut, state.Run.Stages[^1].Name));
        WarnOfForeignPrompts(batches);
        return state.Run.Kind switch
        {
            RunKind.TextAndFlow => TextAndFlow(batches, autoencoder.Config),
            RunKind.Flow => Flow(batches, source, autoencoder.Config),
            _ => Lora(batches, source),
        };

        IReadOnlyList<FlowItem> Prepare(IReadOnlyList<PreparedClip> clips, string stage) =>
            latents.Prepare(clips, done => state.Tell("prepare", stage, done, clips.Count, "latents"), cancellationToken);
    }

    // Their pictures would not change, whatever is learnt.
    private void WarnOfForeignPrompts(FlowBatches batches)
    {
        PromptLexicon words = PromptLexicon.Of(batches.Items.SelectMany(CaptionsOf));
        foreach (string prompt in state.Run.Samples.Prompts.Where(prompt => !words.SharesAWordWith(prompt)))
        {
            state.Tell(
                "warning", null, 0, 0,
                $"samples.prompts: '{prompt}' shares no word with the training captions; its picture will not show what is learnt.");
        }
    }

    private static IEnumerable<string> CaptionsOf(FlowItem item) => item.Free.Append(item.Brief).Append(item.Detailed);

    // Parts that are not trained come from an earlier run of the recipe, otherwise from the base.
    private ModelFolder Adopt()
    {
        bool hasAutoencoder = state.Recipe.Runs.Any(run => run.Kind == RunKind.Autoencoder);
        bool hasText = state.Run.Kind != RunKind.TextAndFlow && state.Recipe.Runs.Any(run => run.TrainsText);
        bool hasTransformer = state.Recipe.Runs.Any(run => run.Kind is RunKind.TextAndFlow or RunKind.Flow);
        ModelFolder? given = state.Recipe.Base is null ? null : ModelFolder.Open(state.Recipe.Base);
        if (given is not null)
        {
            if (given.FineTuneIsAdapter)
            {
                throw new InvalidInputException("base", $"'{given.Name}' holds an adapter; a training starts from full weights.");
            }

            bool takesTransformer = state.Run.Kind == RunKind.Lora && !hasTransformer;
            state.Files.Model.Adopt(
                given.Files, takesTransformer, text: state.Run.Kind != RunKind.TextAndFlow && !hasText, autoencoder: !hasAutoencoder);
        }

        return ModelFolder.Open(state.Files.Model.Folder);
    }

    private TransformerTrainee TextAndFlow(FlowBatches batches, WanAutoencoderConfig autoencoder)
    {
        string[] corpus =
        [
            .. batches.Items.SelectMany(CaptionsOf).Distinct(StringComparer.Ordinal)
            .Concat(CaptionDraw.Unconditional).Select(PromptCleaner.Clean),
        ];
        return state.Recipe.Transformer is { } sizes ? FromNothing(batches, corpus, sizes, autoencoder) : FromBase(batches, corpus, autoencoder);
    }

    private TransformerTrainee FromNothing(FlowBatches batches, string[] corpus, TransformerRecipe sizes, WanAutoencoderConfig autoencoder)
    {
        using TextStart text = TextStart.Random(state, corpus);
        WanTransformerConfig config = Config(sizes, autoencoder, text.Config.Dim);
        return WithText(batches, text, config, InitialWeights.Transformer(config, state.Recipe.Seed));
    }

    private TransformerTrainee FromBase(FlowBatches batches, string[] corpus, WanAutoencoderConfig autoencoder)
    {
        ModelFolder start = ModelFolder.Open(state.Recipe.Base!);
        using WanTransformer transformer = start.OpenTransformer(CPU, ScalarType.Float32);
        if (transformer.Config.InChannels != autoencoder.LatentChannels)
        {
            throw new InvalidInputException(
                "autoencoder.latent_channels", $"got {autoencoder.LatentChannels}; the base's transformer has {transformer.Config.InChannels}.");
        }

        using TextStart text = TextStart.OfBase(state, corpus);
        return OfNumbers(transformer.Parameters, weights => WithText(batches, text, Trained(transformer.Config), weights));
    }

    // The weights of a part as tensors in float32, for as long as a training is made from them.
    private static TransformerTrainee OfNumbers(
        IReadOnlyDictionary<string, StoredWeight> stored, Func<IReadOnlyDictionary<string, Tensor>, TransformerTrainee> make)
    {
        Dictionary<string, Tensor> weights = stored.ToDictionary(
            pair => pair.Key, pair => pair.Value.Read(ScalarType.Float32), StringComparer.Ordinal);
        try
        {
            return make(weights);
        }
        finally
        {
            weights.Values.ToList().ForEach(weight => weight.Dispose());
        }
    }

    private TransformerTrainee WithText(
        FlowBatches batches, TextStart text, WanTransformerConfig config, IReadOnlyDictionary<string, Tensor> transformer) => new(
            state.Recipe, state.Run, state.Device, batches,
            new TrainedText(text.Tokenizer, text.Config, config.TextLength, state.Device, _dataType), state.Files.Model, config,
            Prefixed(transformer, TransformerTrainee.Prefix).Concat(Prefixed(text.Weights, TrainedText.Prefix)).ToDictionary(StringComparer.Ordinal));

    private TransformerTrainee Flow(FlowBatches batches, ModelFolder source, WanAutoencoderConfig autoencoder)
    {
        if (state.Recipe.Transformer is { } sizes)
        {
            UMT5EncoderConfig text;
            using (UMT5Encoder encoder = source.OpenTextEncoder(CPU, ScalarType.BFloat16))
            {
                text = encoder.Config;
            }

            WanTransformerConfig config = Config(sizes, autoencoder, text.Dim);
            return New(config, InitialWeights.Transformer(config, state.Recipe.Seed));
        }

        ModelFolder start = state.Recipe.Base is null ? source : ModelFolder.Open(state.Recipe.Base);
        using WanTransformer given = start.OpenTransformer(CPU, ScalarType.Float32);
        ThrowIfOfAnotherWidth(source, given.Config);
        return OfNumbers(given.Parameters, weights => New(Trained(given.Config), weights));

        TransformerTrainee New(WanTransformerConfig config, IReadOnlyDictionary<string, Tensor> initial) => new(
            state.Recipe, state.Run, state.Device, batches, Frozen(source, config), state.Files.Model, config,
            Prefixed(initial, TransformerTrainee.Prefix).ToDictionary(StringComparer.Ordinal));
    }

    private LoraTrainee Lora(FlowBatches batches, ModelFolder source)
    {
        WanTransformer transformer = source.OpenTransformer(state.Device, _dataType);
        return new LoraTrainee(state.Recipe, state.Run, state.Device, batches, Frozen(source, transformer.Config), state.Files.Model, transformer);
    }

    private FrozenText Frozen(ModelFolder source, WanTransformerConfig transformer) => new(
        source.OpenTokenizer(),
        source.OpenTextEncoder(state.Device, _dataType),
        Hash([.. source.Files.TextEncoder, source.Files.TextEncoderConfig, source.Files.Tokenizer]) + state.Run.Dtype,
        transformer.TextLength,
        state.Files.Cache);

    // A text run may have made an encoder that the base's transformer does not fit.
    private static void ThrowIfOfAnotherWidth(ModelFolder source, WanTransformerConfig transformer)
    {
        using UMT5Encoder encoder = source.OpenTextEncoder(CPU, ScalarType.BFloat16);
        if (encoder.Config.Dim != transformer.TextDim)
        {
            throw new InvalidInputException(
                "text_encoder.dim", $"got {encoder.Config.Dim}; the base's transformer takes rows of {transformer.TextDim}.");
        }
    }

    // What it could do before, it still can.
    private WanTransformerConfig Trained(WanTransformerConfig given) =>
        given with { TakesFirstFrame = given.TakesFirstFrame || state.Run.Flow.FirstFrames > 0 };

    private WanTransformerConfig Config(TransformerRecipe sizes, WanAutoencoderConfig autoencoder, int textDim) => new()
    {
        TakesFirstFrame = state.Run.Flow.FirstFrames > 0,
        Dim = sizes.Dim, FfnDim = sizes.FeedForwardDim, NumHeads = sizes.NumHeads, NumLayers = sizes.NumLayers, TextLength = sizes.TextLength,
        FreqDim = sizes.FreqDim,
        TextDim = textDim, InChannels = autoencoder.LatentChannels, OutChannels = autoencoder.LatentChannels,
    };

    private static IEnumerable<KeyValuePair<string, Tensor>> Prefixed(IReadOnlyDictionary<string, Tensor> weights, string prefix) =>
        weights.Select(pair => KeyValuePair.Create(prefix + pair.Key, pair.Value));

    private static string Hash(IEnumerable<string?> paths)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string path in paths.OfType<string>())
        {
            using FileStream file = File.OpenRead(path);
            hash.AppendData(SHA256.HashData(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
