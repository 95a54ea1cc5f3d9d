using System.Text.Json.Nodes;
using MedGen.Model.Checkpoints;
using MedGen.Sdk.Errors;

namespace MedGen.Model.Transformers;

/// <summary>
/// Dimensions of a Wan 2.1 text-to-video transformer (Wan2.1 <c>wan/modules/model.py</c>, <c>WanModel</c>). Real config files lack what the reference
/// marks as not saved (patch_size, text_dim, qk_norm, cross_attn_norm, window_size); those come from the weights.
/// </summary>
public sealed record WanTransformerConfig
{
    /// <summary>Channels of the mask that says which frames are given.</summary>
    internal const int MaskChannels = 4;

    // Every released Wan 2.1 model has heads of this size; only used when no file states the number of heads.
    private const int ReleasedHeadDim = 128;

    /// <summary>Wan2.1-T2V-1.3B (<c>wan/configs/wan_t2v_1_3B.py</c>); also MedGen-1.3B.</summary>
    public static WanTransformerConfig T2V1Point3B { get; } = new() { Dim = 1536, FfnDim = 8960, NumHeads = 12, NumLayers = 30 };

    /// <summary>Wan2.1-T2V-14B (<c>wan/configs/wan_t2v_14B.py</c>); also MedGen-14B.</summary>
    public static WanTransformerConfig T2V14B { get; } = new() { Dim = 5120, FfnDim = 13824, NumHeads = 40, NumLayers = 40 };

    /// <summary>Wan2.2-TI2V-5B (<c>wan/configs/wan_ti2v_5B.py</c> of Wan2.2): clips from text, or from text and a first frame.</summary>
    public static WanTransformerConfig TI2V5B { get; } = new()
    {
        Dim = 3072, FfnDim = 14336, NumHeads = 24, NumLayers = 30, InChannels = 48, OutChannels = 48, TakesFirstFrame = true,
    };

    /// <summary>Latent frames, rows and columns in a token.</summary>
    public (int Frames, int Height, int Width) PatchSize { get; init; } = (1, 2, 2);

    /// <summary>Rows that every text context is padded to.</summary>
    public int TextLength { get; init; } = 512;

    /// <summary>Channels of the input latent.</summary>
    public int InChannels { get; init; } = 16;

    /// <summary>Channels of the output.</summary>
    public int OutChannels { get; init; } = 16;

    /// <summary>Width of a token.</summary>
    public required int Dim { get; init; }

    /// <summary>Hidden width of the feed-forward network.</summary>
    public required int FfnDim { get; init; }

    /// <summary>Width of the time sinusoid, even.</summary>
    public int FreqDim { get; init; } = 256;

    /// <summary>Width of a row of the text context.</summary>
    public int TextDim { get; init; } = 4096;

    /// <summary>Attention heads; divides <see cref="Dim"/>, and the quotient is even.</summary>
    public required int NumHeads { get; init; }

    /// <summary>Transformer blocks.</summary>
    public required int NumLayers { get; init; }

    /// <summary>Whether queries and keys are RMS-normalised.</summary>
    public bool QkNorm { get; init; } = true;

    /// <summary>Whether a layer norm with weights stands before cross-attention.</summary>
    public bool CrossAttnNorm { get; init; } = true;

    /// <summary>
    /// Channels of what a clip begins with, joined to the latents: 4 of mask and as many as the output has (image to video of Wan 2.1 and of Wan 2.2
    /// A14B); 0: none. Such a model makes clips from pictures only.
    /// </summary>
    public int ConditionChannels => InChannels == OutChannels + OutChannels + MaskChannels ? OutChannels + MaskChannels : 0;

    /// <summary>Channels of the latents: those of the input without the condition's.</summary>
    public int LatentChannels => InChannels - ConditionChannels;

    /// <summary>Width of the image encoder's tokens, which Wan 2.1's image to video attends to; null: it attends to none.</summary>
    public int? ImageDim { get; init; }

    /// <summary>
    /// Whether it was trained with clean first latent frames, at timestep 0: <c>model_type</c> ti2v, or the 48 channels of Wan 2.2.
    /// </summary>
    public bool TakesFirstFrame { get; init; }

    /// <summary>Added to variances in all norms.</summary>
    public double Eps { get; init; } = 1e-6;

    /// <summary>Width of a head.</summary>
    public int HeadDim => Dim / NumHeads;

    /// <summary>The released variant with these dimensions, or <c>custom</c>.</summary>
    public string Variant => this switch
    {
        { Dim: 1536, FfnDim: 8960, NumLayers: 30 } => "Wan2.1-T2V-1.3B",
        { Dim: 5120, FfnDim: 13824, NumLayers: 40, ConditionChannels: > 0, ImageDim: not null } => "Wan2.1-I2V-14B",
        { Dim: 5120, FfnDim: 13824, NumLayers: 40, ConditionChannels: > 0 } => "Wan2.2-I2V-A14B",
        { Dim: 5120, FfnDim: 13824, NumLayers: 40 } => "Wan2.1-T2V-14B",
        { Dim: 3072, FfnDim: 14336, NumLayers: 30, InChannels: 48 } => "Wan2.2-TI2V-5B",
        _ => "custom",
    };

    /// <summary>Takes the dimensions from the shapes of the weights, and what shapes do not tell from a config file.</summary>
    /// <param name="shapes">Shape by original tensor name (see <see cref="WanTransformerKeys"/>).</param>
    /// <param name="configPath">A config.json of the original or of diffusers' WanTransformer3DModel; null: none.</param>
    /// <param name="textLength">Rows that contexts are padded to, when no file states it (diffusers' config does not); default 512.</param>
    /// <returns>The config.</returns>
    /// <exception cref="ModelFormatException">A defining weight is missing, the file is not JSON or contradicts the weights, or the model is of a
    /// kind that is not supported.</exception>
    public static WanTransformerConfig Read(IReadOnlyDictionary<string, IReadOnlyList<long>> shapes, string? configPath, int textLength = 512)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        JsonObject json = configPath is null ? [] : JsonFile.ReadObject(configPath);
        IReadOnlyList<long> patch = Shape(shapes, "patch_embedding.weight", 5); // [dim, in, frames, height, width]
        int dim = (int)patch[0];
        (int Frames, int Height, int Width) patchSize = ((int)patch[2], (int)patch[3], (int)patch[4]);
        int outFeatures = (int)Shape(shapes, "head.head.weight", 2)[0];
        int? stated = Number(json, "num_heads") ?? Number(json, "num_attention_heads")
            ?? (Number(json, "attention_head_dim") is { } width and > 0 ? dim / width : null);
        if (stated is null && dim % ReleasedHeadDim != 0)
        {
            throw new ModelFormatException(
                "config.json",
                $"The number of heads is not stated, and width {dim} is no multiple of {ReleasedHeadDim}, the head width of every released model.");
        }

        WanTransformerConfig config = new()
        {
            PatchSize = patchSize,
            TextLength = Number(json, "text_len") ?? textLength,
            InChannels = (int)patch[1],
            OutChannels = outFeatures / (patchSize.Frames * patchSize.Height * patchSize.Width),
            Dim = dim,
            FfnDim = (int)Shape(shapes, "blocks.0.ffn.0.weight", 2)[0],
            FreqDim = (int)Shape(shapes, "time_embedding.0.weight", 2)[1],
            TextDim = (int)Shape(shapes, "text_embedding.0.weight", 2)[1],
            NumHeads = stated ?? dim / ReleasedHeadDim,
            NumLayers = Enumerable.Range(0, int.MaxValue).First(layer => !shapes.ContainsKey($"blocks.{layer}.ffn.0.weight")),
            QkNorm = shapes.ContainsKey("blocks.0.self_attn.norm_q.weight"),
            CrossAttnNorm = shapes.ContainsKey("blocks.0.norm3.weight"),
            ImageDim = shapes.TryGetValue("img_emb.proj.0.weight", out IReadOnlyList<long>? image) && image.Count == 1 ? (int)image[0] : null,
            TakesFirstFrame = json["model_type"]?.ToString() is { } type ? type == "ti2v" : patch[1] == TI2V5B.InChannels,
            Eps = Value<double>(json, "eps") ?? 1e-6,
        };
        config.Check(json);
        return config;
    }

    private void Check(JsonObject json)
    {
        List<string> problems = [];
        void Agree(string key, int actual)
        {
            if (Number(json, key) is { } stated && stated != actual)
            {
                problems.Add($"{key} is {stated} in the file and {actual} by the weights");
            }
        }

        Agree("dim", Dim);
        Agree("ffn_dim", FfnDim);
        Agree("num_layers", NumLayers);
        Agree("in_dim", InChannels);
        Agree("in_channels", InChannels);
        Agree("out_dim", OutChannels);
        Agree("out_channels", OutChannels);
        Agree("freq_dim", FreqDim);
        Agree("text_dim", TextDim);
        if (NumHeads < 1 || Dim % NumHeads != 0 || HeadDim % 2 != 0)
        {
            problems.Add($"{NumHeads} heads do not divide width {Dim} into even parts");
        }

        if (json["model_type"] is JsonValue type && type.ToString() is not ("t2v" or "ti2v" or "i2v"))
        {
            problems.Add($"model_type is '{type}'; supported: t2v, ti2v, i2v");
        }
        else if (json["model_type"] is { } kind && (kind.ToString() == "i2v") != (ConditionChannels > 0))
        {
            problems.Add($"model_type is '{kind}', and by the weights it takes {InChannels} channels and gives {OutChannels}");
        }

        if (json["window_size"] is JsonArray window && window.Any(side => side?.ToString() != "-1"))
        {
            problems.Add($"window_size is {window.ToJsonString()}, supported is [-1,-1]");
        }

        if (problems.Count > 0)
        {
            throw new ModelFormatException("config.json", $"The transformer cannot be built: {string.Join("; ", problems)}.");
        }
    }

    private static int? Number(JsonObject json, string key) => Value<int>(json, key);

    private static T? Value<T>(JsonObject json, string key)
        where T : struct => json[key] switch
        {
            null => null,
            JsonValue node when node.TryGetValue(out T value) => value,
            JsonNode node =>
                throw new ModelFormatException("config.json", $"config.json: '{key}' is {node.ToJsonString()}, which is no {typeof(T).Name}."),
        };

    private static IReadOnlyList<long> Shape(IReadOnlyDictionary<string, IReadOnlyList<long>> shapes, string name, int rank)
    {
        if (!shapes.TryGetValue(name, out IReadOnlyList<long>? shape))
        {
            throw new ModelFormatException("transformer", $"The transformer's weights lack '{name}'.");
        }

        return shape.Count == rank
            ? shape
            : throw new ModelFormatException("transformer", $"'{name}' has shape [{string.Join(", ", shape)}], expected {rank} dimensions.");
    }
}
