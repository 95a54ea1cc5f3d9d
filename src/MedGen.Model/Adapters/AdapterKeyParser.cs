using System.Text.RegularExpressions;
using MedGen.Model.Checkpoints;
using MedGen.Model.Transformers;

namespace MedGen.Model.Adapters;

/// <summary>
/// Reads the key conventions of adapters for Wan: DiffSynth-Studio (<c>blocks.0.self_attn.q.lora_A.default.weight</c>; PEFT has the adapter's name in
/// the place of <c>default</c>), the same under a prefix (<c>diffusion_model.</c>, <c>pipe.dit.</c>, <c>model.</c>, <c>base_model.</c>), diffusers /
/// PEFT module names (<c>transformer.blocks.0.attn1.to_q.lora_A.weight</c>) and kohya (<c>lora_unet_blocks_0_self_attn_q.lora_down.weight</c>,
/// <c>.alpha</c>; VideoX-Fun writes <c>lora_unet__blocks</c>); with them the parts of DoRA, LyCORIS (<c>.lokr_w1</c>, <c>.hada_w1_a</c>) and the
/// whole differences of distilled models (<c>.diff</c>, <c>.diff_b</c>, <c>blocks.0.diff_m</c>). Names under <c>transformer_2.</c> are for the
/// low-noise expert of a model with two.
/// </summary>
internal static partial class AdapterKeyParser
{
    private const string LowNoise = "transformer_2.";

    private static readonly Dictionary<string, AdapterRole> Roles = new(StringComparer.Ordinal)
    {
        ["lora_A"] = AdapterRole.Down, ["lora_down"] = AdapterRole.Down, ["lora_B"] = AdapterRole.Up, ["lora_up"] = AdapterRole.Up,
        ["alpha"] = AdapterRole.Alpha, ["dora_scale"] = AdapterRole.Magnitude, ["lora_magnitude_vector"] = AdapterRole.Magnitude,
        ["hada_w1_a"] = AdapterRole.HadamardA1, ["hada_w1_b"] = AdapterRole.HadamardB1,
        ["hada_w2_a"] = AdapterRole.HadamardA2, ["hada_w2_b"] = AdapterRole.HadamardB2,
        ["lokr_w1"] = AdapterRole.KroneckerFirst, ["lokr_w1_a"] = AdapterRole.KroneckerFirstA, ["lokr_w1_b"] = AdapterRole.KroneckerFirstB,
        ["lokr_w2"] = AdapterRole.KroneckerSecond, ["lokr_w2_a"] = AdapterRole.KroneckerSecondA, ["lokr_w2_b"] = AdapterRole.KroneckerSecondB,
        ["diff"] = AdapterRole.Difference, ["diff_b"] = AdapterRole.BiasDifference, ["diff_m"] = AdapterRole.ModulationDifference,
    };

    private static readonly (Regex Pattern, string Name)[] UnreadKinds =
    [
        (LowRankBias(), "biases of low-rank parts (lora_bias)"),
        (Orthogonal(), "rotations of OFT"),
        (Tucker(), "Tucker cores (lora_mid, lokr_t2, hada_t1)"),
        (OtherModel(), "parts for the text encoder"),
    ];

    /// <summary>Whether a file with these keys is an adapter rather than full weights.</summary>
    public static bool IsAdapter(IEnumerable<string> keys) => keys.Any(key => AdapterMark().IsMatch(key));

    /// <summary>Splits a key into module and role.</summary>
    /// <returns>Null for a key of no known convention.</returns>
    public static AdapterKey? Parse(string key)
    {
        if (SplitRole().Match(key) is not { Success: true } match)
        {
            return null;
        }

        string module = WrapperPrefixes.Strip(match.Groups["module"].Value);
        bool isOfLowNoise = module.StartsWith(LowNoise, StringComparison.Ordinal);
        module = isOfLowNoise ? module[LowNoise.Length..] : module;
        string? original = module.StartsWith("lora_", StringComparison.Ordinal) ? FromKohya(module) : FromPath(module);
        return original is null ? null : new AdapterKey(original, module, Roles[match.Groups["role"].Value], isOfLowNoise);
    }

    /// <summary>Whether a key names a difference of a modulation, which is no matrix.</summary>
    public static bool IsModulation(string key) => key.EndsWith(".diff_m", StringComparison.Ordinal);

    /// <summary>What a key is that <see cref="Parse"/> does not know, in words for the user.</summary>
    public static string KindOf(string key) =>
        UnreadKinds.FirstOrDefault(kind => kind.Pattern.IsMatch(key)).Name ?? "keys that follow no known convention";

    // By the name of its weight: diffusers' norm2, with a weight, is the original norm3.
    private static string FromPath(string module) => WanTransformerKeys.ToOriginal($"{module}.weight")[..^".weight".Length];

    private static string? FromKohya(string module)
    {
        Match block = KohyaBlock().Match(module);
        if (block.Success)
        {
            string part = block.Groups["part"].Value.Length > 0 ? $"{block.Groups["part"].Value}." : "";
            return $"blocks.{block.Groups["block"].Value}.{part}{block.Groups["linear"].Value}";
        }

        Match outer = KohyaOuter().Match(module);
        Match image = KohyaImage().Match(module);
        return image.Success ? $"img_emb.proj.{image.Groups["layer"].Value}"
            : outer.Success ? $"{outer.Groups["part"].Value}.{outer.Groups["linear"].Value}"
            : KohyaPatch().IsMatch(module) ? "patch_embedding" : null;
    }

    [GeneratedRegex(@"^(?<module>.+)\.(?:(?<role>lora_A|lora_B|lora_down|lora_up)(?:\.[^.]+)?\.weight|(?<role>lora_magnitude_vector)(?:\.[^.]+)*"
        + @"|(?<role>alpha|dora_scale|hada_w[12]_[ab]|lokr_w[12](?:_[ab])?|diff(?:_[bm])?))$")]
    private static partial Regex SplitRole();

    [GeneratedRegex(@"lora_|\.lokr_|\.hada_|\.dora_scale$|\.diff(?:_[bm])?$")]
    private static partial Regex AdapterMark();

    [GeneratedRegex(@"\.(?:lora_A|lora_B|lora_down|lora_up)(?:\.[^.]+)?\.bias$")]
    private static partial Regex LowRankBias();

    [GeneratedRegex(@"\.oft_")]
    private static partial Regex Orthogonal();

    [GeneratedRegex(@"\.lora_mid\b|\.lokr_t2$|\.hada_t[12]$")]
    private static partial Regex Tucker();

    [GeneratedRegex(@"^lora_te")]
    private static partial Regex OtherModel();

    [GeneratedRegex(
        "^lora_unet_{1,2}blocks_(?<block>[0-9]+)_"
        + "(?:(?<part>self_attn|cross_attn|ffn)_(?<linear>[qkvo]|[kv]_img|[02]|norm_[qk]|norm_k_img)|(?<linear>norm3))$")]
    private static partial Regex KohyaBlock();

    [GeneratedRegex("^lora_unet_{1,2}(?<part>text_embedding|time_embedding|time_projection|head)_(?<linear>[012]|head)$")]
    private static partial Regex KohyaOuter();

    [GeneratedRegex("^lora_unet_{1,2}img_emb_proj_(?<layer>[0134])$")]
    private static partial Regex KohyaImage();

    [GeneratedRegex("^lora_unet_{1,2}patch_embedding$")]
    private static partial Regex KohyaPatch();
}
