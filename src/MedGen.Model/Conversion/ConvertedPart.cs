using MedGen.Model.Autoencoders;
using MedGen.Model.Checkpoints;
using MedGen.Model.TextEncoders;
using MedGen.Model.Transformers;
using MedGen.Sdk.Errors;
using MedGen.Torch.Safetensors;
using MedGen.Torch.Weights;
using static TorchSharp.torch;

namespace MedGen.Model.Conversion;

/// <summary>One part of a model on its way to another file: its weights by their original names, and their names there.</summary>
internal sealed class ConvertedPart : IDisposable
{
    private const string MarkName = "scaled_fp8";
    private const double LargestE4M3 = 448;
    private const double SmallestScale = 1e-30; // of a weight that is all zero

    private readonly PartWeights _weights;
    private readonly WeightPart _part;

    private ConvertedPart(WeightPart part, PartWeights weights) => (_part, _weights) = (part, weights);

    /// <summary>Shape of each weight by its original name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> Shapes => _weights.Shapes;

    /// <summary>What the files state beside their weights.</summary>
    public IReadOnlyDictionary<string, object> Statements => _weights.Statements;

    /// <summary>Opens the files of a part.</summary>
    /// <param name="part">Transformer, text encoder or autoencoder.</param>
    /// <param name="paths">Its files.</param>
    /// <param name="overlay">A fine-tune with full weights; null: none.</param>
    public static ConvertedPart Open(WeightPart part, IEnumerable<string> paths, string? overlay = null) => part switch
    {
        WeightPart.Transformer => new(part, PartWeights.Open(
            "transformer", paths, names => names.ToDictionary(name => name, WanTransformerKeys.ToOriginal, StringComparer.Ordinal), overlay)),
        WeightPart.TextEncoder => new(part, PartWeights.Open("text encoder", paths, UMT5EncoderKeys.ToOriginal)),
        WeightPart.Autoencoder => new(part, PartWeights.Open("autoencoder", paths, WanAutoencoderKeys.ToOriginal)),
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "No such part is converted."),
    };

    /// <summary>Writes the part; the file appears when it is whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="layout">Whose names.</param>
    /// <param name="type">BF16, or F8_E4M3 with a scale for each linear; what is computed in float32, the autoencoder as a whole, stays in
    /// that.</param>
    /// <param name="tokenizer">SentencePiece model to put into the file, as ComfyUI's text encoders have it; null: none.</param>
    /// <exception cref="ModelFormatException">The names have no counterpart, or weights are not finite.</exception>
    public void Write(string path, ConversionLayout layout, SafetensorsDataType type, byte[]? tokenizer = null)
    {
        IReadOnlyDictionary<string, string> names = NamesIn(layout);
        List<SafetensorsEntry> entries = [];
        bool isScaled = false;
        foreach ((string original, IReadOnlyList<long> shape) in Shapes)
        {
            string name = names[original];
            if (type == SafetensorsDataType.F8E4M3 && _part != WeightPart.Autoencoder && IsLinear(original, shape))
            {
                isScaled = true;
                double scale = 1; // known when the weight is written, so it comes behind
                entries.Add(new SafetensorsEntry(name, SafetensorsDataType.F8E4M3, shape, () =>
                {
                    Tensor values = Values(original, shape);
                    scale = (float)Math.Max(values.abs().max().item<float>() / LargestE4M3, SmallestScale);
                    return values.div_(scale).clamp_(-LargestE4M3, LargestE4M3);
                }));
                entries.Add(new SafetensorsEntry(
                    $"{name[..^".weight".Length]}.scale_weight", SafetensorsDataType.F32, [], () => tensor((float)scale)));
                continue;
            }

            bool isWide = _part == WeightPart.Autoencoder || IsSmall(original, shape);
            SafetensorsDataType kept = isWide ? SafetensorsDataType.F32 : SafetensorsDataType.BF16;
            entries.Add(new SafetensorsEntry(name, kept, shape, () => Values(original, shape)));
        }

        if (isScaled)
        {
            entries.Add(new SafetensorsEntry(MarkName, SafetensorsDataType.F8E4M3, [0], () => zeros([0])));
        }

        if (tokenizer is not null)
        {
            entries.Add(new SafetensorsEntry(UMT5EncoderKeys.TokenizerName, SafetensorsDataType.U8, [tokenizer.Length], () => tensor(tokenizer)));
        }

        SafetensorsWriter.Write(path, entries, new Dictionary<string, string> { ["format"] = "pt" });
    }

    public void Dispose() => _weights.Dispose();

    /// <summary>Original name to the name in a layout.</summary>
    /// <exception cref="ModelFormatException">A name would not lead back.</exception>
    private IReadOnlyDictionary<string, string> NamesIn(ConversionLayout layout)
    {
        string[] originals = [.. Shapes.Keys];
        IReadOnlyDictionary<string, string> names = (_part, layout) switch
        {
            (WeightPart.Transformer, ConversionLayout.Diffusers) => originals.ToDictionary(name => name, WanTransformerKeys.ToDiffusers),
            (WeightPart.Autoencoder, ConversionLayout.Diffusers) => WanAutoencoderKeys.ToDiffusers(originals),
            (WeightPart.TextEncoder, not ConversionLayout.Released) => originals.ToDictionary(name => name, UMT5EncoderKeys.ToHuggingFace),
            _ => originals.ToDictionary(name => name),
        };
        IReadOnlyDictionary<string, string> back = _part switch
        {
            WeightPart.Transformer => names.Values.ToDictionary(name => name, WanTransformerKeys.ToOriginal),
            WeightPart.Autoencoder => WanAutoencoderKeys.ToOriginal(names.Values),
            _ => UMT5EncoderKeys.ToOriginal(names.Values),
        };
        string[] odd = [.. originals.Where(name => back.GetValueOrDefault(names[name]) != name)];
        return odd.Length == 0
            ? names
            : throw new ModelFormatException(
                "convert", $"The layout {layout} has no names for {string.Join(", ", odd.Take(5).Select(name => $"'{name}'"))}.");
    }

    private Tensor Values(string name, IReadOnlyList<long> shape)
    {
        StoredWeight weight = _weights.Read(name, [.. shape]);
        _weights.ThrowIfBroken();
        return weight.Read(ScalarType.Float32).clone();
    }

    // As ComfyUI's files: the blocks' linears and the text embedding; of the text encoder the linears.
    private static bool IsLinear(string name, IReadOnlyList<long> shape) => shape.Count == 2 && name.EndsWith(".weight", StringComparison.Ordinal)
        && (name.StartsWith("blocks.", StringComparison.Ordinal) || name.StartsWith("text_embedding.", StringComparison.Ordinal))
        && !name.Contains("pos_embedding", StringComparison.Ordinal);

    // What is computed in float32: norms, biases, modulation.
    private static bool IsSmall(string name, IReadOnlyList<long> shape) => shape.Count < 2 || name.EndsWith("modulation", StringComparison.Ordinal);
}
