using System.Text.Json.Nodes;
using MedGen.Model.Checkpoints;
using MedGen.Model.ImageEncoders;
using MedGen.Torch.Safetensors;
using MedGen.Torch.Weights;
using static TorchSharp.torch;

namespace MedGen.Model.Conversion;

/// <summary>
/// An image encoder of Wan's release on its way to transformers' CLIPVisionModel: queries, keys and values apart, the last block and the norm behind
/// it too, which Wan does not run, and no text side. Numbers stay in the type that they are stored in.
/// </summary>
internal sealed class ConvertedImageEncoder : IDisposable
{
    private const string Joined = ".attn.to_qkv.";
    private static readonly string[] Parts = ["q", "k", "v"];
    private readonly PartWeights _weights;
    private readonly IReadOnlyDictionary<string, IReadOnlyList<long>> _shapes;

    private ConvertedImageEncoder(PartWeights weights) => (_weights, _shapes) = (weights, weights.Shapes);

    /// <summary>Opens the files.</summary>
    /// <param name="paths">Of the encoder.</param>
    public static ConvertedImageEncoder Open(IEnumerable<string> paths) => new(PartWeights.Open("image encoder", paths, ClipVisionKeys.ToTower));

    /// <summary>Writes <c>model.safetensors</c>.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="MedGen.Sdk.Errors.ModelFormatException">Weights are not finite.</exception>
    public void Write(string path) => SafetensorsWriter.Write(
        path, [.. _shapes.SelectMany(Entries)], new Dictionary<string, string> { ["format"] = "pt" });

    /// <summary><c>config.json</c> of transformers.</summary>
    /// <param name="config">Dimensions of what is run.</param>
    public static JsonObject Config(ClipVisionConfig config) => new()
    {
        ["architectures"] = new JsonArray("CLIPVisionModel"),
        ["model_type"] = "clip_vision_model",
        ["hidden_size"] = config.Dim,
        ["intermediate_size"] = config.FfnDim,
        ["num_hidden_layers"] = config.NumLayers + 1,
        ["num_attention_heads"] = config.NumHeads,
        ["image_size"] = config.ImageSize,
        ["patch_size"] = config.PatchSize,
        ["num_channels"] = 3,
        ["hidden_act"] = "gelu",
        ["layer_norm_eps"] = config.Eps,
        ["attention_dropout"] = 0.0,
    };

    /// <summary><c>preprocessor_config.json</c> of transformers' CLIPImageProcessor.</summary>
    /// <param name="config">Size and colours.</param>
    public static JsonObject Processor(ClipVisionConfig config) => new()
    {
        ["image_processor_type"] = "CLIPImageProcessor",
        ["crop_size"] = new JsonObject { ["height"] = config.ImageSize, ["width"] = config.ImageSize },
        ["do_center_crop"] = true,
        ["do_convert_rgb"] = true,
        ["do_normalize"] = true,
        ["do_rescale"] = true,
        ["do_resize"] = true,
        ["image_mean"] = new JsonArray([.. config.Mean.Select(value => (JsonNode)value)]),
        ["image_std"] = new JsonArray([.. config.Std.Select(value => (JsonNode)value)]),
        ["resample"] = 3,
        ["rescale_factor"] = 1 / 255.0,
        ["size"] = new JsonObject { ["shortest_edge"] = config.ImageSize },
    };

    public void Dispose() => _weights.Dispose();

    private IEnumerable<SafetensorsEntry> Entries(KeyValuePair<string, IReadOnlyList<long>> weight)
    {
        (string name, IReadOnlyList<long> shape) = weight;
        SafetensorsDataType type = TypeOf(name, shape);
        if (!name.Contains(Joined, StringComparison.Ordinal))
        {
            long[] kept = [.. name is "visual.cls_embedding" or "visual.pos_embedding" ? shape.SkipWhile(size => size == 1) : shape];
            return [new SafetensorsEntry(ClipVisionKeys.ToHuggingFace(name), type, kept, () => Values(name, shape).view(kept))];
        }

        long rows = shape[0] / Parts.Length;
        return Parts.Select((part, index) => new SafetensorsEntry(
            ClipVisionKeys.ToHuggingFace(name.Replace(Joined, $".attn.{part}.", StringComparison.Ordinal)), type, [rows, .. shape.Skip(1)],
            () => Values(name, shape).narrow(0, index * rows, rows)));
    }

    private SafetensorsDataType TypeOf(string name, IReadOnlyList<long> shape)
    {
        using StoredWeight weight = _weights.Read(name, [.. shape]);
        return weight.Numbers?.dtype switch
        {
            ScalarType.Float16 => SafetensorsDataType.F16,
            ScalarType.Float32 => SafetensorsDataType.F32,
            _ => SafetensorsDataType.BF16,
        };
    }

    private Tensor Values(string name, IReadOnlyList<long> shape)
    {
        StoredWeight weight = _weights.Read(name, [.. shape]);
        _weights.ThrowIfBroken();
        return weight.Read(ScalarType.Float32).clone();
    }
}
