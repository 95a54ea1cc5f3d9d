using System.Text.RegularExpressions;
using MedGen.Model.Transformers;

namespace MedGen.Model.Adapters;

/// <summary>
/// Reads the key conventions of adapters for Wan: DiffSynth-Studio (<c>blocks.0.self_attn.q.lora_A.default.weight</c>; PEFT has the adapter's name in the
/// place of <c>default</c>), the same under a prefix
/// (<c>diffusion_model.</c>, <c>pipe.dit.</c>, <c>model.</c>, <c>base_model.</c>), diffusers / PEFT module names (<c>transformer.blocks.0.attn1.to_q.lora_A.weight</c>) and
/// kohya (<c>lora_unet_blocks_0_self_attn_q.lora_down.weight</c>, <c>.alpha</c>).
/// </summary>
internal static partial class AdapterKeyParser
{
    private const string KohyaPrefix = "lora_unet_";

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
        string module = match.Groups["module"].Value;
        string? original = module.StartsWith(KohyaPrefix, StringComparison.Ordinal) ? FromKohya(module[KohyaPrefix.Length..]) : WanTransformerKeys.ToOriginal(module);
        return original is null ? null : new AdapterKey(original, role);
    }

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

    [GeneratedRegex("^blocks_(?<block>[0-9]+)_(?<part>self_attn|cross_attn|ffn)_(?<linear>[qkvo]|[02])$")]
    private static partial Regex KohyaBlock();

    [GeneratedRegex("^(?<part>text_embedding|time_embedding|time_projection|head)_(?<linear>[012]|head)$")]
    private static partial Regex KohyaOuter();
}
