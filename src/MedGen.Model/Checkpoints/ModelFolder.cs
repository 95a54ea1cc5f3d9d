using System.Text.Json;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Models;
using MedGen.Model.Adapters;
using MedGen.Model.Autoencoders;
using MedGen.Model.ImageEncoders;
using MedGen.Model.Sizing;
using MedGen.Model.TextEncoders;
using MedGen.Model.TextEncoders.Tokenization;
using MedGen.Model.Transformers;
using MedGen.Torch.Safetensors;
using static TorchSharp.torch;

namespace MedGen.Model.Checkpoints;

/// <summary>
/// A folder with a Wan or MedGen model, in the layout of the releases or of diffusers, or files that a card names. Opening it reads names and
/// headers only; the parts are built over memory maps when they are asked for.
/// </summary>
public sealed class ModelFolder
{
    private readonly ModelCard _card;
    private readonly int _textLength;
    private readonly Lazy<WanTransformerConfig?> _transformer;

    private ModelFolder(ModelFiles files, int textLength)
    {
        Files = files;
        _textLength = textLength;
        _card = ModelCard.Read(files.Card);
        _transformer = new Lazy<WanTransformerConfig?>(ReadTransformerConfig);
        if (files.FineTune is { } fineTune)
        {
            FineTuneIsAdapter = LoraAdapter.IsAdapter(SafetensorsHeader.Read(fineTune, requireData: false).Tensors.Keys);
        }
    }

    /// <summary>What lies where.</summary>
    public ModelFiles Files { get; }

    /// <summary>Name by medgen.json, otherwise of the folder, or of the card where it has a name of its own.</summary>
    public string Name => _card.Name ?? (Path.GetFileName(Files.Card) is var card && card != ModelCard.FileName
        ? Path.GetFileNameWithoutExtension(card)
        : Path.GetFileName(Files.Folder.TrimEnd(Path.DirectorySeparatorChar)));

    /// <summary>Licence of the weights by medgen.json; empty: not stated.</summary>
    public string License => _card.License ?? "";

    /// <summary>False when medgen.json says that the weights are random.</summary>
    public bool IsTrained => _card.Trained;

    /// <summary>
    /// What a generation takes where a request says nothing, by medgen.json, otherwise the release's values with the shift of a
    /// scheduler_config.json.
    /// </summary>
    public GenerationDefaults Defaults =>
        _card.Defaults ?? Released with { Shift = Files.Shift ?? Released.Shift };

    // Of Wan 2.1, its image to video, and Wan 2.2's TI2V-5B, T2V-A14B and I2V-A14B (wan/configs of both).
    private GenerationDefaults Released => (Files.LowNoiseTransformer.Count > 0, NeedsFirstFrame) switch
    {
        (false, false) when _transformer.Value?.LatentChannels == WanAutoencoderConfig.Wan22.LatentChannels =>
            new GenerationDefaults { Width = 1280, Height = 704, NumFrames = 121, FramesPerSecond = 24 },
        (false, false) => new GenerationDefaults(),
        (false, true) => new GenerationDefaults { NumInferenceSteps = 40 },
        (true, false) => new GenerationDefaults { Shift = 12, NumInferenceSteps = 40, GuidanceScale = 4, LowNoiseGuidanceScale = 3 },
        (true, true) => new GenerationDefaults { Shift = 5, NumInferenceSteps = 40, GuidanceScale = 3.5, LowNoiseGuidanceScale = 3.5 },
    };

    /// <summary>Whether its transformer takes pictures in channels of their own, by its header; false also for a broken one.</summary>
    internal bool NeedsFirstFrame => _transformer.Value is { ConditionChannels: > 0 };

    /// <summary>The words that the model was trained on, where the folder says so; null otherwise.</summary>
    public PromptLexicon? Lexicon => PromptLexicon.Read(Files.Folder);

    /// <summary>The recordings that the model was trained on, where the folder says so; null otherwise.</summary>
    /// <exception cref="ModelFormatException">The folder's list cannot be read.</exception>
    public TrainingData? TrainingData => TrainingData.Read(Files.Folder);

    /// <summary>Whether the fine-tune beside the base is an adapter (its keys name low-rank parts) rather than full weights.</summary>
    public bool FineTuneIsAdapter { get; }

    /// <summary>Looks into a folder.</summary>
    /// <param name="path">The folder, whose <c>models</c> sub-folder is found too, or a card (<c>medgen.json</c> under any name) that names the
    /// files.</param>
    /// <returns>The folder; missing parts are told by <see cref="ModelFiles.Missing"/>.</returns>
    /// <exception cref="ModelFormatException">There is no model in it.</exception>
    public static ModelFolder Open(string path) => Open(path, WanTransformerConfig.T2V1Point3B.TextLength);

    /// <summary>As <see cref="Open(string)"/>.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="textLength">Rows that text is padded to where the transformer's config does not state it, as diffusers' never does.</param>
    internal static ModelFolder Open(string path, int textLength)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new ModelFolder(ModelFileFinder.Find(path), textLength);
    }

    /// <summary>Throws when a part that generation needs is not there, or the folder states what the platform does not do.</summary>
    /// <exception cref="ModelFormatException">Names everything that is missing or not supported.</exception>
    public void ThrowIfIncomplete()
    {
        ThrowIfUnsupported();
        if (Files.Missing.Count > 0)
        {
            throw new ModelFormatException(Name, $"The model folder '{Name}' is incomplete: {string.Join("; ", Files.Missing)}.");
        }
    }

    /// <summary>Identity of the weights; see <see cref="Sdk.Models.ModelDescription.Hash"/>.</summary>
    /// <returns>64 lower-case hex digits.</returns>
    public string ComputeHash() => ModelHash.Compute(Files.Weights);

    /// <summary>Takes the sizes of clips that the model can make from headers and configs; no weight is read.</summary>
    /// <returns>The sizes.</returns>
    /// <exception cref="ModelFormatException">Transformer or autoencoder is missing, or a header or config is broken.</exception>
    public ClipGrid ReadGrid()
    {
        RequirePart(Files.Transformer.Count > 0, "transformer");
        RequirePart(Files.Autoencoder is not null, "autoencoder");
        using PartWeights transformer = PartWeights.Open("transformer", Files.Transformer, Each(WanTransformerKeys.ToOriginal));
        using PartWeights autoencoder = PartWeights.Open("autoencoder", [Files.Autoencoder!], WanAutoencoderKeys.ToOriginal);
        return new ClipGrid(
            WanTransformerConfig.Read(transformer.Shapes, Files.TransformerConfig, _textLength), AutoencoderConfig(
                autoencoder.Shapes, Files.AutoencoderConfig, Files.Autoencoder!));
    }

    /// <summary>Builds the transformer over the base weights, with a fine-tune's full weights laid over them.</summary>
    /// <param name="device">Where to compute.</param>
    /// <param name="dataType">float32 or bfloat16.</param>
    /// <returns>The transformer; the caller disposes it.</returns>
    /// <exception cref="ModelFormatException">Weights are missing, unexpected, mis-shaped or not finite, or the folder states what is not supported;
    /// all are named.</exception>
    public WanTransformer OpenTransformer(Device device, ScalarType dataType)
    {
        RequirePart(Files.Transformer.Count > 0, "transformer");
        ThrowIfUnsupported();
        return LoadTransformer(Files.Transformer, Files.TransformerConfig, FineTuneIsAdapter ? null : Files.FineTune, device, dataType, _textLength);
    }

    /// <summary>Builds the low-noise expert of a model with two.</summary>
    /// <param name="device">Where to compute.</param>
    /// <param name="dataType">float32 or bfloat16.</param>
    /// <returns>The expert; the caller disposes it. Null: the model has one transformer.</returns>
    /// <exception cref="ModelFormatException">As <see cref="OpenTransformer"/>.</exception>
    public WanTransformer? OpenLowNoiseTransformer(Device device, ScalarType dataType)
    {
        if (Files.LowNoiseTransformer.Count == 0)
        {
            return null;
        }

        ThrowIfUnsupported();
        return LoadTransformer(Files.LowNoiseTransformer, Files.LowNoiseTransformerConfig, overlay: null, device, dataType, _textLength);
    }

    /// <summary>Reads the fine-tune when it is an adapter.</summary>
    /// <param name="transformer">The transformer that it is for.</param>
    /// <returns>The adapter, which the caller disposes; null when there is none.</returns>
    /// <exception cref="ModelFormatException">It does not fit the transformer.</exception>
    public LoraAdapter? OpenFineTuneAdapter(WanTransformer transformer)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        if (!FineTuneIsAdapter)
        {
            return null;
        }

        using SafetensorsFile file = SafetensorsFile.Open(Files.FineTune!);
        LoraAdapter adapter = LoraAdapter.Load(file, transformer.Shapes, transformer.Device, transformer.DataType);
        if (adapter.LowNoise is null)
        {
            return adapter;
        }

        adapter.Dispose();
        throw new ModelFormatException(
            Name, $"{Path.GetFileName(Files.FineTune)} holds changes of a second expert (transformer_2.), and '{Name}' has one transformer.");
    }

    /// <summary>Builds the text encoder.</summary>
    /// <param name="device">Where to compute.</param>
    /// <param name="dataType">float32 or bfloat16.</param>
    /// <returns>The encoder; the caller disposes it.</returns>
    /// <exception cref="ModelFormatException">Weights are missing, unexpected, mis-shaped or not finite; all are named.</exception>
    public UMT5Encoder OpenTextEncoder(Device device, ScalarType dataType)
    {
        RequirePart(Files.TextEncoder.Count > 0, "text encoder");
        return LoadTextEncoder(Files.TextEncoder, Files.TextEncoderConfig, device, dataType);
    }

    /// <summary>Builds the autoencoder.</summary>
    /// <param name="device">Where to compute.</param>
    /// <param name="dataType">float32 or bfloat16.</param>
    /// <returns>The autoencoder; the caller disposes it.</returns>
    /// <exception cref="ModelFormatException">Weights are missing, unexpected, mis-shaped or not finite; all are named.</exception>
    public WanAutoencoder OpenAutoencoder(Device device, ScalarType dataType)
    {
        RequirePart(Files.Autoencoder is not null, "autoencoder");
        return LoadAutoencoder(Files.Autoencoder!, Files.AutoencoderConfig, device, dataType);
    }

    /// <summary>Builds the image encoder.</summary>
    /// <param name="device">Where to compute.</param>
    /// <param name="dataType">float32 or bfloat16.</param>
    /// <returns>The encoder; the caller disposes it.</returns>
    /// <exception cref="ModelFormatException">There is none, or its weights are missing, unexpected, mis-shaped or not finite; all are
    /// named.</exception>
    internal ClipVisionEncoder OpenImageEncoder(Device device, ScalarType dataType) => Files.ImageEncoder.Count > 0
        ? LoadImageEncoder(Files.ImageEncoder, Files.ImageEncoderConfig, device, dataType)
        : throw new ModelFormatException(Name, $"The model folder '{Name}' is incomplete: {MissingImageEncoder}.");

    /// <summary>Dimensions of the image encoder, from headers and config.</summary>
    /// <exception cref="ModelFormatException">There is none, or it is broken.</exception>
    internal ClipVisionConfig ReadImageEncoderConfig()
    {
        RequirePart(Files.ImageEncoder.Count > 0, "image encoder");
        using PartWeights weights = PartWeights.Open("image encoder", Files.ImageEncoder, ClipVisionKeys.ToOriginal);
        return ClipVisionConfig.Read(weights.Shapes, Files.ImageEncoderConfig);
    }

    /// <summary>Reads the tokenizer.</summary>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="ModelFormatException">There is none, or it cannot be read.</exception>
    public SentencePieceTokenizer OpenTokenizer()
    {
        RequirePart(Files.Tokenizer is not null, "tokenizer");
        return SentencePieceTokenizer.Load(Files.Tokenizer!);
    }

    /// <summary>What is said where a transformer attends to pictures and there is nothing to encode them.</summary>
    internal const string MissingImageEncoder =
        "no image encoder, which this transformer needs (models_clip_open-clip-xlm-roberta-large-vit-huge-14.safetensors or .pth, or a single file)";

    internal static ClipVisionEncoder LoadImageEncoder(IEnumerable<string> paths, string? config, Device device, ScalarType dataType)
    {
        using PartWeights weights = PartWeights.Open("image encoder", paths, ClipVisionKeys.ToOriginal);
        return Build(weights, ClipVisionEncoder.Load(weights.Read, ClipVisionConfig.Read(weights.Shapes, config), device, dataType));
    }

    internal static WanTransformer LoadTransformer(
        IEnumerable<string> paths, string? config, string? overlay, Device device, ScalarType dataType, int textLength = 512)
    {
        using PartWeights weights = PartWeights.Open("transformer", paths, Each(WanTransformerKeys.ToOriginal), overlay);
        return Build(weights, WanTransformer.Load(weights.Read, WanTransformerConfig.Read(weights.Shapes, config, textLength), device, dataType));
    }

    internal static UMT5Encoder LoadTextEncoder(IEnumerable<string> paths, string? config, Device device, ScalarType dataType)
    {
        using PartWeights weights = PartWeights.Open("text encoder", paths, UMT5EncoderKeys.ToOriginal);
        return Build(weights, UMT5Encoder.Load(weights.Read, TextEncoderConfig(weights.Shapes, config, weights.Statements), device, dataType));
    }

    internal static WanAutoencoder LoadAutoencoder(string path, string? config, Device device, ScalarType dataType) => LoadAutoencoder(
        [path], shapes => AutoencoderConfig(shapes, config, path), device, dataType);

    internal static WanAutoencoder LoadAutoencoder(
        IEnumerable<string> paths, Func<IReadOnlyDictionary<string, IReadOnlyList<long>>, WanAutoencoderConfig> configure, Device device,
        ScalarType dataType)
    {
        using PartWeights weights = PartWeights.Open("autoencoder", paths, WanAutoencoderKeys.ToOriginal);
        return Build(weights, WanAutoencoder.Load(weights.Read, configure(weights.Shapes), device, dataType));
    }

    /// <summary>Sizes by the config, and by the weights where there is none.</summary>
    internal static UMT5EncoderConfig TextEncoderConfig(
        IReadOnlyDictionary<string, IReadOnlyList<long>> shapes, string? config, IReadOnlyDictionary<string, object> statements)
    {
        UMT5EncoderConfig sizes = config is null
            ? UMT5EncoderConfig.Infer(shapes, "text encoder")
            : UMT5EncoderConfig.FromJson(ReadJson(config), Path.GetFileName(config), shapes);
        return GgufTextStatements.Apply(sizes, config is not null, statements, "text encoder");
    }

    /// <summary>Sizes by the config, and by the weights where there is none.</summary>
    internal static WanAutoencoderConfig AutoencoderConfig(IReadOnlyDictionary<string, IReadOnlyList<long>> shapes, string? config, string path) =>
        config is null
        ? WanAutoencoderConfig.Infer(shapes, Path.GetFileName(path))
        : WanAutoencoderConfig.FromJson(ReadJson(config), Path.GetFileName(config), shapes);

    private static T Build<T>(PartWeights weights, T part)
        where T : IDisposable
    {
        try
        {
            weights.ThrowIfUnfit();
            return part;
        }
        catch
        {
            part.Dispose();
            throw;
        }
    }

    private static JsonElement ReadJson(string path) => JsonSerializer.SerializeToElement(JsonFile.ReadObject(path));

    private static Func<IEnumerable<string>, IReadOnlyDictionary<string, string>> Each(Func<string, string> toOriginal) =>
        names => names.ToDictionary(name => name, toOriginal, StringComparer.Ordinal);

    // By the header. A broken one is told when the transformer is opened.
    private WanTransformerConfig? ReadTransformerConfig()
    {
        if (Files.Transformer.Count == 0)
        {
            return null;
        }

        try
        {
            using PartWeights weights = PartWeights.Open("transformer", Files.Transformer, Each(WanTransformerKeys.ToOriginal));
            return WanTransformerConfig.Read(weights.Shapes, Files.TransformerConfig, _textLength);
        }
        catch (ModelFormatException)
        {
            return null;
        }
    }

    private void ThrowIfUnsupported()
    {
        if (Files.Unsupported.Count > 0)
        {
            throw new ModelFormatException(Name, $"The model folder '{Name}' cannot be used: {string.Join("; ", Files.Unsupported)}.");
        }
    }

    private void RequirePart(bool isThere, string part)
    {
        if (!isThere)
        {
            throw new ModelFormatException(Name, $"The model folder '{Name}' has no {part}: {string.Join("; ", Files.Missing)}.");
        }
    }
}
