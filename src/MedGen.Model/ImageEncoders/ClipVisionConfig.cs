using System.Text.Json;
using System.Text.Json.Nodes;
using MedGen.Model.Checkpoints;
using MedGen.Sdk.Errors;

namespace MedGen.Model.ImageEncoders;

/// <summary>
/// Dimensions of the vision tower of CLIP (Wan2.1 <c>wan/modules/clip.py</c>, <c>VisionTransformer</c>; transformers' CLIPVisionModel), from the
/// shapes of the weights and, for what shapes do not tell, a config.
/// </summary>
internal sealed record ClipVisionConfig
{
    // Of ViT-H/14, the only one that Wan was trained with; only used when no file states the number of heads.
    private const int ReleasedHeadDim = 80;

    /// <summary>Width of a token.</summary>
    public required int Dim { get; init; }

    /// <summary>Hidden width of the feed-forward network.</summary>
    public required int FfnDim { get; init; }

    /// <summary>Attention heads.</summary>
    public required int NumHeads { get; init; }

    /// <summary>Blocks that are run: all of the tower but the last one.</summary>
    public required int NumLayers { get; init; }

    /// <summary>Side of a patch in px.</summary>
    public required int PatchSize { get; init; }

    /// <summary>Side of the picture in px.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Whether queries, keys and values are weights of their own, as in transformers.</summary>
    public bool SplitsProjections { get; init; }

    /// <summary>Added to variances in the norms.</summary>
    public double Eps { get; init; } = 1e-5;

    /// <summary>Mean of each colour.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [0.48145466, 0.4578275, 0.40821073];

    /// <summary>Standard deviation of each colour.</summary>
    public IReadOnlyList<double> Std { get; init; } = [0.26862954, 0.26130258, 0.27577711];

    /// <summary>Tokens of a picture, its class token included.</summary>
    public int Tokens => (ImageSize / PatchSize * (ImageSize / PatchSize)) + 1;

    /// <summary>Takes the dimensions from weights and config.</summary>
    /// <param name="shapes">Shape by original name (<see cref="ClipVisionKeys"/>).</param>
    /// <param name="configPath">The config beside the weights; null: none.</param>
    /// <exception cref="ModelFormatException">A defining weight is missing, or the config states what the weights are not.</exception>
    public static ClipVisionConfig Read(IReadOnlyDictionary<string, IReadOnlyList<long>> shapes, string? configPath)
    {
        JsonObject json = configPath is null ? [] : JsonFile.ReadObject(configPath);
        IReadOnlyList<long> patch = Shape(shapes, "visual.patch_embedding.weight"); // [dim, 3, p, p]
        int positions = (int)Shape(shapes, "visual.pos_embedding")[^2]; // [1, tokens, dim] or [tokens, dim]
        int side = (int)Math.Sqrt(positions - 1);
        if (patch.Count != 4 || (side * side) + 1 != positions)
        {
            throw new ModelFormatException(
                "image encoder", $"The image encoder has {positions} positions; needed is a square of patches and one for the class.");
        }

        int dim = (int)patch[0];
        int heads = Number(json, "vision_heads") ?? Number(json, "num_attention_heads") ?? dim / ReleasedHeadDim;
        ClipVisionConfig config = new()
        {
            Dim = dim,
            FfnDim = (int)Shape(shapes, "visual.transformer.0.mlp.0.weight")[0],
            NumHeads = heads,
            NumLayers = Enumerable.Range(0, int.MaxValue).First(layer => !shapes.ContainsKey($"visual.transformer.{layer}.mlp.0.weight")),
            PatchSize = (int)patch[3],
            ImageSize = side * (int)patch[3],
            SplitsProjections = shapes.ContainsKey("visual.transformer.0.attn.q.weight"),
            Eps = json["norm_eps"]?.GetValue<double>() ?? json["layer_norm_eps"]?.GetValue<double>() ?? 1e-5,
        };
        config = config with { Mean = Numbers(json, "mean") ?? config.Mean, Std = Numbers(json, "std") ?? config.Std };
        config.Check(json);
        return config;
    }

    private void Check(JsonObject json)
    {
        List<string> problems = [];
        foreach ((string name, int actual) in new[]
        {
            ("vision_dim", Dim), ("hidden_size", Dim), ("image_size", ImageSize), ("patch_size", PatchSize), ("intermediate_size", FfnDim),
            ("vision_layers", NumLayers + 1), ("num_hidden_layers", NumLayers + 1),
        })
        {
            if (Number(json, name) is { } stated && stated != actual)
            {
                problems.Add($"{name} is {stated} in the file and {actual} by the weights");
            }
        }

        if (NumHeads < 1 || Dim % NumHeads != 0)
        {
            problems.Add($"{NumHeads} heads do not divide width {Dim}");
        }

        if ((json["activation"] ?? json["hidden_act"]) is { } activation && activation.ToString() != "gelu")
        {
            problems.Add($"the activation is '{activation}'; supported: gelu");
        }

        if (problems.Count > 0)
        {
            throw new ModelFormatException("image encoder", $"The image encoder cannot be built: {string.Join("; ", problems)}.");
        }
    }

    private static double[]? Numbers(JsonObject json, string name) => json[name] is JsonArray array && array.Count == 3
        ? [.. array.Select(value => value!.GetValue<double>())]
        : null;

    private static int? Number(JsonObject json, string name) =>
        json[name] is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue(out int number) ? number : null;

    private static IReadOnlyList<long> Shape(IReadOnlyDictionary<string, IReadOnlyList<long>> shapes, string name) =>
        shapes.TryGetValue(name, out IReadOnlyList<long>? shape) && shape.Count >= 2
            ? shape
            : throw new ModelFormatException("image encoder", $"The image encoder's weights lack '{name}'.");
}
