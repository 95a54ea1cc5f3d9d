using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using MedGen.Torch.Safetensors;

namespace MedGen.Model.Adapters;

/// <summary>
/// Reads what an adapter states beside its tensors: <c>adapter_config.json</c> of PEFT, <c>lora_adapter_metadata</c> of diffusers and plain pairs in
/// the safetensors header. A statement that is not known and not switched off is a problem: it would change the result.
/// </summary>
internal static class AdapterScalingReader
{
    private const string ConfigName = "adapter_config.json";
    private const string DiffusersPair = "lora_adapter_metadata";
    private const string DiffusersPrefix = "transformer.";
    private const string Dora = "use_dora";
    private const string DoraAlone = "DoRA is stated, and the file has no magnitudes";

    // Plain pairs, and those of kohya's trainers; the header's other pairs are free text.
    private static readonly string[] AlphaNames = ["lora_alpha", "alpha", "network_alpha", "ss_network_alpha"];
    private static readonly string[] RankNames = ["r", "rank", "lora_rank", "network_dim"];

    // Which modules were trained and how: the tensors say the former, the latter is over.
    private static readonly string[] OfTraining =
    [
        "target_modules", "exclude_modules", "lora_dropout", "base_model_name_or_path", "base_model_class", "parent_library", "revision", "task_type",
        "inference_mode", "auto_mapping", "layers_to_transform", "layers_pattern", "peft_version", "megatron_core", "qalora_group_size",
        "runtime_config",
        "ensure_weight_tying",
    ];

    // Initial values that leave the base weights as they are; PiSSA, OLoRA, CorDA and LoftQ train beside changed ones.
    private static readonly string[] HarmlessInitialValues = ["gaussian", "eva", "orthogonal"];

    /// <summary>The config of PEFT that speaks of an adapter file; null: there is none.</summary>
    /// <param name="path">The adapter: <c>adapter_model.safetensors</c>, or the only such file of its folder.</param>
    public static string? ConfigBeside(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string config = Path.Combine(folder, ConfigName);
        return File.Exists(config) && (
            Path.GetFileName(path) == "adapter_model.safetensors" || Directory.EnumerateFiles(folder, "*.safetensors").Count() == 1) ? config : null;
    }

    /// <summary>Reads all statements of a file; usually one or none.</summary>
    public static IReadOnlyList<AdapterScaling> Read(SafetensorsFile file, AdapterProblems problems)
    {
        List<AdapterScaling?> found = [];
        bool hasMagnitudes = file.Tensors.Keys.Any(key => AdapterKeyParser.Parse(key)?.Role == AdapterRole.Magnitude);
        if (ConfigBeside(file.FilePath) is { } config)
        {
            found.Add(FromJson(ConfigName, File.ReadAllText(config), hasMagnitudes, problems));
        }

        if (file.Metadata.TryGetValue(DiffusersPair, out string? json))
        {
            found.Add(FromJson(DiffusersPair, json, hasMagnitudes, problems));
        }

        found.Add(FromPairs(file.Metadata, hasMagnitudes, problems));
        return [.. found.OfType<AdapterScaling>()];
    }

    private static AdapterScaling? FromPairs(
        IReadOnlyDictionary<string, string> pairs, bool hasMagnitudes, AdapterProblems problems)
    {
        double? Number(string[] names) => Array.Find(names, pairs.ContainsKey) is { } name ? Parse(name, pairs[name], problems) : null;
        bool IsOn(string name) => pairs.TryGetValue(name, out string? text) && bool.TryParse(text, out bool value) && value;
        if (IsOn(Dora) && !hasMagnitudes)
        {
            problems.Add(DoraAlone, $"{Dora} in the header");
        }

        double? alpha = Number(AlphaNames);
        double? rank = Number(RankNames);
        return alpha is null && rank is null
            ? null
            : new AdapterScaling { Source = "the safetensors header", Alpha = alpha, Rank = rank, IsRankStabilized = IsOn("use_rslora") };
    }

    private static AdapterScaling? FromJson(string source, string json, bool hasMagnitudes, AdapterProblems problems)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            AdapterScaling scaling = new() { Source = source };
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                scaling = Take(
                    scaling, property.Name.StartsWith(DiffusersPrefix, StringComparison.Ordinal)
                        ? property.Name[DiffusersPrefix.Length..]
                        : property.Name, property.Value, hasMagnitudes, problems);
            }

            if (scaling.Alpha is null)
            {
                problems.Add("a statement is missing", $"lora_alpha in {source}");
            }

            return scaling;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            problems.Add("not a JSON object", source);
            return null;
        }
    }

    private static AdapterScaling Take(AdapterScaling scaling, string name, JsonElement value, bool hasMagnitudes, AdapterProblems problems)
    {
        switch (name)
        {
            case "lora_alpha":
                return scaling with { Alpha = Parse(name, value.ToString(), problems) };
            case "r":
                return scaling with { Rank = Parse(name, value.ToString(), problems) };
            case "use_rslora":
                return scaling with { IsRankStabilized = value.ValueKind == JsonValueKind.True };
            case "alpha_pattern" when value.ValueKind == JsonValueKind.Object:
                return scaling with { Alphas = Patterns(name, value, problems) };
            case "rank_pattern" when value.ValueKind == JsonValueKind.Object:
                return scaling with { Ranks = Patterns(name, value, problems) };
            case Dora when value.ValueKind == JsonValueKind.True:
                if (!hasMagnitudes)
                {
                    problems.Add(DoraAlone, $"{Dora} in {scaling.Source}");
                }

                return scaling;
            case "peft_type" when value.ToString() == "LORA":
            case "init_lora_weights" when value.ValueKind is JsonValueKind.True or JsonValueKind.False
                || HarmlessInitialValues.Contains(value.ToString()):
                return scaling;
            default:
                if (!IsOff(value) && !OfTraining.Contains(name))
                {
                    problems.Add("a statement that is not read", $"{name} in {scaling.Source}");
                }

                return scaling;
        }
    }

    private static bool IsOff(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.String => value.GetString() is "" or "none",
        _ => false,
    };

    // As PEFT matches them. The patterns come from a file: an engine that cannot be made to search for ever.
    private static List<(Regex Module, double Value)> Patterns(string name, JsonElement value, AdapterProblems problems)
    {
        List<(Regex, double)> patterns = [];
        foreach (JsonProperty property in value.EnumerateObject())
        {
            try
            {
                if (Parse(name, property.Value.ToString(), problems) is { } number)
                {
                    patterns.Add(
                        (new Regex($@"^(?:.*\.)?(?:{property.Name})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant), number));
                }
            }
            catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
            {
                problems.Add("a pattern that is not read", $"'{property.Name}' in {name}");
            }
        }

        return patterns;
    }

    private static double? Parse(string name, string text, AdapterProblems problems)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) && value > 0)
        {
            return value;
        }

        problems.Add("a number above 0 is needed", name);
        return null;
    }
}
