using MedGen.Torch.Safetensors;

namespace MedGen.Torch.Weights;

/// <summary>
/// The tensors of a safetensors file that belong to a weight or say something of all weights, by the names of ComfyUI (old and new spelling) and
/// LightX2V.
/// </summary>
internal sealed record WeightCompanions
{
    private const string WeightEnding = ".weight";
    private static readonly string[] ScaleEndings = [".scale_weight", ".weight_scale"];
    private static readonly string[] HintEndings = [".scale_input", ".input_scale"];
    private static readonly string[] StatementEndings = [".comfy_quant"];

    /// <summary>By what weights are multiplied, by module name.</summary>
    public Dictionary<string, SafetensorInfo> Scales { get; } = new(StringComparer.Ordinal);

    /// <summary>JSON of a layer's format, by module name.</summary>
    public Dictionary<string, SafetensorInfo> Statements { get; } = new(StringComparer.Ordinal);

    /// <summary>By what activations could be divided before products in 8 bits, of which there are none here.</summary>
    public List<string> Hints { get; } = [];

    /// <summary>Says that the fp8 weights are scaled, and by its type which fp8 they are; null: it is not there.</summary>
    public SafetensorInfo? Mark { get; private set; }

    /// <summary>Everything else.</summary>
    public List<SafetensorInfo> Weights { get; } = [];

    /// <summary>Sorts a file's tensors.</summary>
    /// <param name="tensors">All of them.</param>
    /// <exception cref="InvalidDataException">Two are the same thing.</exception>
    public static WeightCompanions Sort(IEnumerable<SafetensorInfo> tensors)
    {
        WeightCompanions sorted = new();
        foreach (SafetensorInfo tensor in tensors)
        {
            if (tensor.Name == "scaled_fp8" || tensor.Name.EndsWith(".scaled_fp8", StringComparison.Ordinal))
            {
                sorted.Mark = sorted.Mark is null
                    ? tensor
                    : throw new InvalidDataException($"'{sorted.Mark.Name}' and '{tensor.Name}' are both marks of scaled fp8");
            }
            else if (ModuleOf(tensor.Name, ScaleEndings) is { } scaled)
            {
                Add(sorted.Scales, scaled, tensor);
            }
            else if (ModuleOf(tensor.Name, StatementEndings) is { } stated)
            {
                Add(sorted.Statements, stated, tensor);
            }
            else if (ModuleOf(tensor.Name, HintEndings) is not null)
            {
                sorted.Hints.Add(tensor.Name);
            }
            else
            {
                sorted.Weights.Add(tensor);
            }
        }

        return sorted;
    }

    /// <summary>The module that a weight belongs to; null: its name does not end in <c>.weight</c>.</summary>
    public static string? ModuleOf(string weight) => ModuleOf(weight, WeightEnding);

    private static string? ModuleOf(string name, params string[] endings) =>
        Array.Find(endings, ending => name.EndsWith(ending, StringComparison.Ordinal)) is { } found ? name[..^found.Length] : null;

    private static void Add(Dictionary<string, SafetensorInfo> companions, string module, SafetensorInfo tensor)
    {
        if (!companions.TryAdd(module, tensor))
        {
            throw new InvalidDataException($"'{companions[module].Name}' and '{tensor.Name}' are both of '{module}'");
        }
    }
}
