using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using MedGen.Sdk.Errors;

namespace MedGen.Model.TextEncoders;

/// <summary>Sizes of an umT5 encoder (Wan-Video/Wan2.1, wan/modules/t5.py; Hugging Face transformers, UMT5EncoderModel).</summary>
public sealed partial record UMT5EncoderConfig
{
    /// <summary>Rows of the embedding table; the tokenizer may have fewer pieces.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Width of the hidden states.</summary>
    public required int Dim { get; init; }

    /// <summary>Width of queries, keys and values, all heads together.</summary>
    public required int AttentionDim { get; init; }

    /// <summary>Width inside the feed-forward network.</summary>
    public required int FeedForwardDim { get; init; }

    /// <summary>Attention heads.</summary>
    public required int NumHeads { get; init; }

    /// <summary>Blocks.</summary>
    public required int NumLayers { get; init; }

    /// <summary>Buckets of relative positions, half of them for each direction. Default 32.</summary>
    public int NumBuckets { get; init; } = 32;

    /// <summary>Distance from which on all positions share a bucket. Default 128; weights do not show it.</summary>
    public int MaxDistance { get; init; } = 128;

    /// <summary>Whether one position bias serves all blocks (T5) instead of one each (umT5). Default false.</summary>
    public bool SharedPositionBias { get; init; }

    /// <summary>Added to the mean square in the norms. Default 1e-6.</summary>
    public double Epsilon { get; init; } = 1e-6;

    /// <summary>umT5-XXL, the encoder of Wan 2.1: the sizes of <c>umt5_xxl</c> in wan/modules/t5.py.</summary>
    public static UMT5EncoderConfig UMT5XXL { get; } = new()
    {
        VocabularySize = 256_384,
        Dim = 4096,
        AttentionDim = 4096,
        FeedForwardDim = 10_240,
        NumHeads = 64,
        NumLayers = 24,
    };

    /// <summary>Reads a configuration in original Wan names (<c>dim</c>) or Hugging Face names (<c>d_model</c>).</summary>
    /// <param name="json">The JSON object.</param>
    /// <param name="fileName">File named in errors.</param>
    /// <param name="shapes">Shapes of the weights by name, in either convention, from which the sizes that the file does not state are taken; null:
    /// the file must state them. The number of rows of the embedding table always comes from here: files also state the smaller vocabulary of the
    /// tokenizer.</param>
    /// <returns>The configuration.</returns>
    /// <exception cref="ModelFormatException">A size is neither stated as a positive whole number nor shown by the weights.</exception>
    public static UMT5EncoderConfig FromJson(JsonElement json, string fileName, IReadOnlyDictionary<string, IReadOnlyList<long>>? shapes = null)
    {
        Lazy<UMT5EncoderConfig?> other = new(() => shapes is null ? null : Infer(shapes, fileName));
        int heads = Optional("num_heads") ?? Other(sizes => sizes.NumHeads, "num_heads");
        return new UMT5EncoderConfig
        {
            VocabularySize = (shapes is null ? Optional("vocab", "vocab_size") : null) ?? Other(sizes => sizes.VocabularySize, "vocab"),
            Dim = Optional("dim", "d_model") ?? Other(sizes => sizes.Dim, "dim"),
            AttentionDim = Optional("dim_attn") ?? heads * Optional("d_kv") ?? Other(sizes => sizes.AttentionDim, "dim_attn"),
            FeedForwardDim = Optional("dim_ffn", "d_ff") ?? Other(sizes => sizes.FeedForwardDim, "dim_ffn"),
            NumHeads = heads,
            NumLayers = Optional("num_layers") ?? Other(sizes => sizes.NumLayers, "num_layers"),
            NumBuckets = Optional("num_buckets", "relative_attention_num_buckets") ?? other.Value?.NumBuckets ?? 32,
            MaxDistance = Optional("max_dist", "relative_attention_max_distance") ?? 128,
            SharedPositionBias = json.TryGetProperty("shared_pos", out JsonElement shared)
                ? shared.ValueKind == JsonValueKind.True
                : other.Value?.SharedPositionBias ?? false,
            Epsilon = Number("eps") ?? Number("layer_norm_epsilon") ?? 1e-6,
        };

        int Other(Func<UMT5EncoderConfig, int> size, string name) => other.Value is { } inferred
            ? size(inferred)
            : throw new ModelFormatException(fileName, $"{fileName}: '{name}' is missing or is not a positive whole number.");

        int? Optional(params string[] names)
        {
            foreach (string name in names)
            {
                if (json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number
                    && value.TryGetInt32(out int number) && number > 0)
                {
                    return number;
                }
            }

            return null;
        }

        double? Number(string name) =>
            json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
    }

    /// <summary>Infers the configuration from the shapes of the weights; what shapes do not show has its default.</summary>
    /// <param name="shapes">Shapes by name, in either convention.</param>
    /// <param name="fileName">File named in errors.</param>
    /// <returns>The configuration.</returns>
    /// <exception cref="ModelFormatException">A weight that shows a size is missing.</exception>
    public static UMT5EncoderConfig Infer(IReadOnlyDictionary<string, IReadOnlyList<long>> shapes, string fileName)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        Dictionary<string, IReadOnlyList<long>> original = shapes.ToDictionary(entry => UMT5EncoderKeys.ToOriginal(entry.Key), entry => entry.Value);
        bool shared = original.ContainsKey("pos_embedding.embedding.weight");
        string positions = shared ? "pos_embedding.embedding.weight" : "blocks.0.pos_embedding.embedding.weight";
        return new UMT5EncoderConfig
        {
            VocabularySize = Size("token_embedding.weight", 0),
            Dim = Size("token_embedding.weight", 1),
            AttentionDim = Size("blocks.0.attn.q.weight", 0),
            FeedForwardDim = Size("blocks.0.ffn.fc1.weight", 0),
            NumHeads = Size(positions, 1),
            NumBuckets = Size(positions, 0),
            NumLayers = 1 + original.Keys.Select(name => BlockName().Match(name)).Where(match => match.Success)
                .Max(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)),
            SharedPositionBias = shared,
        };

        int Size(string name, int dimension) => original.TryGetValue(name, out IReadOnlyList<long>? shape) && shape.Count == 2
            ? checked((int)shape[dimension])
            : throw new ModelFormatException(fileName, $"{fileName}: the matrix '{name}', which shows a size of the text encoder, is missing.");
    }

    [GeneratedRegex("^blocks\\.([0-9]{1,4})\\.", RegexOptions.CultureInvariant)]
    private static partial Regex BlockName();
}
