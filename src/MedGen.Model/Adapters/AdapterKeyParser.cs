using System.Text.RegularExpressions;
using MedGen.Model.Checkpoints;
using MedGen.Model.Transformers;

namespace MedGen.Model.Adapters;

/// <summary>
/// Reads the key conventions of adapters for Wan: DiffSynth-Studio (<c>blocks.0.self_attn.q.lora_A.default.weight</c>; PEFT has the adapter's name in
/// the place of <c>default</c>), the same under a prefix (<c>diffusion_model.</c>, <c>pipe.dit.</c>, <c>model.</c>, <c>base_model.</c>), diffusers /
/// PEFT module names (<c>transformer.blocks.0.attn1.to_q.lora_A.weight</c>) and kohya (<c>lora_unet_blocks_0_self_attn_q.lora_down.weight</c>,
/// <c>.alpha</c>; VideoX-Fun writes <c>lora_unet__blocks</c>).
/// </summary>
internal static partial class AdapterKeyParser
{
    private static readonly (Regex Pattern, string Name)[] UnreadKinds =
    [
        (BiasDelta(), "bias deltas (.diff_b)"),
        (ModulationDelta(), "modulation deltas (.diff_m)"),
        (WeightDelta(), "weight deltas (.diff)"),
        (LowRankBias(), "biases of low-rank parts (lora_bias)"),
        (Magnitude(), "magnitudes of DoRA"),
        (Kronecker(), "factors of LoKr"),
        (Hadamard(), "factors of LoHa"),
        (Orthogonal(), "rotations of OFT"),
        (Tucker(), "Tucker cores (lora_mid)"),
        (OtherModel(), "parts for the text encoder"),
    ];

    /// <summary>Whether a file with these keys is an adapter rather than full weights.</summary>
    public static bool IsAdapter(IEnumerable<string> keys) => keys.Any(key => key.Contains("lora_", StringComparison.Ordinal));

    /// <summary>Splits a key into module and role.</summary>
    /// <returns>Null for a key of no known convention.</returns>
    public static AdapterKey? Parse(string key)
    {
        if (SplitRole().Match(key) is not { Success: true } match)
        {
            return null;
        }

        AdapterRole role = match.Groups["role"].Value switch
        {
            "lora_A" or "lora_down" => AdapterRole.Down,
            "lora_B" or "lora_up" => AdapterRole.Up,
            _ => AdapterRole.Alpha,
        };
        string module = WrapperPrefixes.Strip(match.Groups["module"].Value);
        string? original = module.StartsWith("lora_", StringComparison.Ordinal) ? FromKohya(module) : WanTransformerKeys.ToOriginal(module);
        return original is null ? null : new AdapterKey(original, module, role);
    }

    /// <summary>What a key is that <see cref="Parse"/> does not know, in words for the user.</summary>
    public static string KindOf(string key) =>
        UnreadKinds.FirstOrDefault(kind => kind.Pattern.IsMatch(key)).Name ?? "keys that follow no known convention";

    private static string? FromKohya(string module)
    {
        Match block = KohyaBlock().Match(module);
        if (block.Success)
        {
            return $"blocks.{block.Groups["block"].Value}.{block.Groups["part"].Value}.{block.Groups["linear"].Value}";
        }

        Match outer = KohyaOuter().Match(module);
        return outer.Success ? $"{outer.Groups["part"].Value}.{outer.Groups["linear"].Value}" : null;
    }

    [GeneratedRegex(@"^(?<module>.+)\.(?:(?<role>lora_A|lora_B|lora_down|lora_up)(?:\.[^.]+)?\.weight|(?<role>alpha))$")]
    private static partial Regex SplitRole();

    [GeneratedRegex(@"\.diff_b$")]
    private static partial Regex BiasDelta();

    [GeneratedRegex(@"[._]diff_m$")]
    private static partial Regex ModulationDelta();

    [GeneratedRegex(@"\.diff$")]
    private static partial Regex WeightDelta();

    [GeneratedRegex(@"\.(?:lora_A|lora_B|lora_down|lora_up)(?:\.[^.]+)?\.bias$")]
    private static partial Regex LowRankBias();

    [GeneratedRegex(@"\.dora_scale$|\.lora_magnitude_vector\b")]
    private static partial Regex Magnitude();

    [GeneratedRegex(@"\.lokr_")]
    private static partial Regex Kronecker();

    [GeneratedRegex(@"\.hada_")]
    private static partial Regex Hadamard();

    [GeneratedRegex(@"\.oft_")]
    private static partial Regex Orthogonal();

    [GeneratedRegex(@"\.lora_mid\b")]
    private static partial Regex Tucker();

    [GeneratedRegex(@"^lora_te")]
    private static partial Regex OtherModel();

    [GeneratedRegex("^lora_unet_{1,2}blocks_(?<block>[0-9]+)_(?<part>self_attn|cross_attn|ffn)_(?<linear>[qkvo]|[kv]_img|[02])$")]
    private static partial Regex KohyaBlock();

    [GeneratedRegex("^lora_unet_{1,2}(?<part>text_embedding|time_embedding|time_projection|head)_(?<linear>[012]|head)$")]
    private static partial Regex KohyaOuter();
}
