using System.Globalization;
using System.Text.RegularExpressions;

namespace MedGen.Model.ImageEncoders;

/// <summary>
/// Names of the image encoder's weights: original (<c>visual.transformer.0.norm1.weight</c>, in a file with the text side, <c>textual.*</c>) and
/// transformers' (<c>vision_model.encoder.layers.0.layer_norm1.weight</c>). What Wan does not use has no name here: the text side, the head, the
/// norm behind the blocks, and the last block.
/// </summary>
internal static partial class ClipVisionKeys
{
    private static readonly (string HuggingFace, string Original)[] Names =
    [
        ("vision_model.embeddings.class_embedding", "visual.cls_embedding"),
        ("vision_model.embeddings.position_embedding.weight", "visual.pos_embedding"),
        ("vision_model.embeddings.patch_embedding", "visual.patch_embedding"),
        ("vision_model.pre_layrnorm", "visual.pre_norm"),
        ("vision_model.encoder.layers.", "visual.transformer."),
        (".layer_norm1", ".norm1"),
        (".layer_norm2", ".norm2"),
        (".self_attn.out_proj", ".attn.proj"),
        (".self_attn.q_proj", ".attn.q"),
        (".self_attn.k_proj", ".attn.k"),
        (".self_attn.v_proj", ".attn.v"),
        (".mlp.fc1", ".mlp.0"),
        (".mlp.fc2", ".mlp.2"),
    ];

    private static readonly string[] Used = ["visual.cls_embedding", "visual.pos_embedding", "visual.patch_embedding.", "visual.pre_norm."];

    /// <summary>Original name by name, of what is used.</summary>
    public static IReadOnlyDictionary<string, string> ToOriginal(IEnumerable<string> names)
    {
        Dictionary<string, string> all = names.ToDictionary(name => name, ToOriginal, StringComparer.Ordinal);
        int last = all.Values.Select(Layer).Max() ?? 0;
        return all.Where(pair => Layer(pair.Value) is { } layer
                ? layer < last
                : Array.Exists(Used, start => pair.Value.StartsWith(start, StringComparison.Ordinal)) || !IsKnown(pair.Value))
            .ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>Original name by name, of the whole tower: with the last block and the norm behind it.</summary>
    public static IReadOnlyDictionary<string, string> ToTower(IEnumerable<string> names) => names
        .Select(name => (Name: name, Original: ToOriginal(name)))
        .Where(pair => Layer(pair.Original) is not null || pair.Original.StartsWith("visual.post_norm.", StringComparison.Ordinal)
            || Array.Exists(Used, start => pair.Original.StartsWith(start, StringComparison.Ordinal)))
        .ToDictionary(pair => pair.Name, pair => pair.Original, StringComparer.Ordinal);

    /// <summary>The name in transformers of an original one; of queries, keys and values each apart (<c>.attn.q</c>).</summary>
    public static string ToHuggingFace(string original) => Names.Append(("vision_model.post_layernorm", "visual.post_norm")).Aggregate(
        original, (text, pair) => text.Replace(pair.Item2, pair.Item1, StringComparison.Ordinal));

    /// <summary>Whether a name, in any spelling, is of an image encoder.</summary>
    public static bool IsOfEncoder(string name) => ToOriginal(name) == "visual.pre_norm.weight";

    // Of the parts that are not used; all else is told as unexpected.
    private static bool IsKnown(string name) => name is "log_scale" or "logit_scale" or "visual.head" or "visual_projection.weight"
            or "vision_model.embeddings.position_ids"
        || name.StartsWith("textual.", StringComparison.Ordinal) || name.StartsWith("visual.post_norm.", StringComparison.Ordinal)
        || name.StartsWith("vision_model.post_layernorm.", StringComparison.Ordinal);

    private static string ToOriginal(string name) =>
        Names.Aggregate(name, (text, pair) => text.Replace(pair.HuggingFace, pair.Original, StringComparison.Ordinal));

    private static int? Layer(string name) =>
        Block().Match(name) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"^visual\.transformer\.([0-9]{1,4})\.")]
    private static partial Regex Block();
}
