using System.Globalization;
using System.Text.RegularExpressions;

namespace MedGen.Model.Autoencoders;

/// <summary>Names of the autoencoder's weights: original Wan (<c>decoder.upsamples.3.resample.1.weight</c>) and diffusers AutoencoderKLWan.</summary>
public static partial class WanAutoencoderKeys
{
    private static readonly (string Diffusers, string Original)[] Parts =
    [
        (".norm1.", ".residual.0."),
        (".conv1.", ".residual.2."),
        (".norm2.", ".residual.3."),
        (".conv2.", ".residual.6."),
        (".conv_shortcut.", ".shortcut."),
    ];

    /// <summary>Translates the names of a file to the original convention.</summary>
    /// <param name="names">All names of the file: where a block belongs shows only from the names together.</param>
    /// <returns>Name in the file to original name; a name that is not of the diffusers convention keeps itself.</returns>
    public static IReadOnlyDictionary<string, string> ToOriginal(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        List<string> all = [.. names];
        // Where stages are lists of their own in diffusers, the resampling stands behind the blocks of its stage.
        Dictionary<string, int> blocks = all.Select(name => StageBlock().Match(name)).Where(match => match.Groups["block"].Success)
            .GroupBy(match => match.Groups["way"].Value)
            .ToDictionary(group => group.Key, group => 1 + group.Max(match => Number(match, "block")), StringComparer.Ordinal);
        bool isResidual = blocks.ContainsKey("down"); // Wan 2.1 has such lists in the decoder alone
        return all.ToDictionary(name => name, name => ToOriginal(name, blocks, isResidual));
    }

    private static string ToOriginal(string name, Dictionary<string, int> blocks, bool isResidual)
    {
        switch (name.Split('.')[0])
        {
            case "quant_conv":
                return name.Replace("quant_conv.", "conv1.", StringComparison.Ordinal);
            case "post_quant_conv":
                return name.Replace("post_quant_conv.", "conv2.", StringComparison.Ordinal);
        }

        string original = name.Replace(".conv_in.", ".conv1.", StringComparison.Ordinal)
            .Replace(".norm_out.", ".head.0.", StringComparison.Ordinal)
            .Replace(".conv_out.", ".head.2.", StringComparison.Ordinal)
            .Replace(".mid_block.attentions.0.", ".middle.1.", StringComparison.Ordinal)
            .Replace(".mid_block.resnets.0.", ".middle.0.", StringComparison.Ordinal)
            .Replace(".mid_block.resnets.1.", ".middle.2.", StringComparison.Ordinal);
        original = isResidual ? original : original.Replace(".down_blocks.", ".downsamples.", StringComparison.Ordinal);
        original = StageBlock().Replace(original, match =>
        {
            string way = match.Groups["way"].Value;
            int count = blocks.GetValueOrDefault(way);
            int block = match.Groups["block"].Success ? Number(match, "block") : count;
            return isResidual
                ? $".{way}samples.{Number(match, "stage")}.{way}samples.{block}."
                : $".{way}samples.{(Number(match, "stage") * (count + 1)) + block}.";
        });
        if (IsBlock().IsMatch(original))
        {
            foreach ((string diffusers, string part) in Parts)
            {
                original = original.Replace(diffusers, part, StringComparison.Ordinal);
            }
        }

        return original;
    }

    /// <summary>Translates original names to diffusers' convention.</summary>
    /// <param name="names">All original names of a model: where a layer belongs shows only from the names together.</param>
    /// <returns>Original name to diffusers' name; a name of no known part keeps itself.</returns>
    internal static IReadOnlyDictionary<string, string> ToDiffusers(IReadOnlyCollection<string> names)
    {
        bool isResidual = names.Any(name => name.StartsWith("encoder.downsamples.0.downsamples.", StringComparison.Ordinal));
        int UpBlocks() => names.Select(name => Resampling().Match(name)).Where(match => match.Success).Select(match => Number(match, "layer"))
            .DefaultIfEmpty(int.MaxValue - 1).Min();
        int inStage = isResidual ? 0 : UpBlocks();
        return names.ToDictionary(name => name, name => ToDiffusers(name, names, isResidual, inStage), StringComparer.Ordinal);
    }

    private static string ToDiffusers(string name, IReadOnlyCollection<string> names, bool isResidual, int inStage)
    {
        if (name.StartsWith("conv", StringComparison.Ordinal))
        {
            return name.Replace("conv1.", "quant_conv.", StringComparison.Ordinal).Replace("conv2.", "post_quant_conv.", StringComparison.Ordinal);
        }

        string other = name;
        if (IsBlock().IsMatch(name))
        {
            foreach ((string diffusers, string part) in Parts)
            {
                other = other.Replace(part, diffusers, StringComparison.Ordinal);
            }
        }
        else
        {
            other = other.Replace(".conv1.", ".conv_in.", StringComparison.Ordinal);
        }

        other = other.Replace(".head.0.", ".norm_out.", StringComparison.Ordinal).Replace(".head.2.", ".conv_out.", StringComparison.Ordinal)
            .Replace(".middle.1.", ".mid_block.attentions.0.", StringComparison.Ordinal)
            .Replace(".middle.0.", ".mid_block.resnets.0.", StringComparison.Ordinal)
            .Replace(".middle.2.", ".mid_block.resnets.1.", StringComparison.Ordinal);
        if (isResidual)
        {
            return NestedLayer().Replace(other, match =>
            {
                string way = match.Groups["way"].Value;
                bool resamples = names.Contains($"{name[..name.IndexOf('.', StringComparison.Ordinal)]}{match.Value}resample.1.weight");
                return $".{way}_blocks.{match.Groups["stage"].Value}.{(resamples ? $"{way}sampler" : $"resnets.{match.Groups["layer"].Value}")}.";
            });
        }

        return Layer().Replace(other.Replace(".downsamples.", ".down_blocks.", StringComparison.Ordinal), match =>
        {
            (int stage, int layer) = Math.DivRem(Number(match, "layer"), inStage + 1);
            return $".up_blocks.{stage}.{(layer == inStage ? "upsamplers.0" : $"resnets.{layer}")}.";
        });
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        "\\.(?<way>up|down)_blocks\\.(?<stage>[0-9]{1,4})\\.(?:resnets\\.(?<block>[0-9]{1,4})|(?:up|down)sampler(?:s\\.0)?)\\.",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex StageBlock();

    [GeneratedRegex("^decoder\\.upsamples\\.(?<layer>[0-9]{1,4})\\.resample\\.", RegexOptions.CultureInvariant)]
    private static partial Regex Resampling();

    [GeneratedRegex("\\.upsamples\\.(?<layer>[0-9]{1,4})\\.", RegexOptions.CultureInvariant)]
    private static partial Regex Layer();

    [GeneratedRegex("\\.(?<way>up|down)samples\\.(?<stage>[0-9]{1,4})\\.(?:up|down)samples\\.(?<layer>[0-9]{1,4})\\.", RegexOptions.CultureInvariant)]
    private static partial Regex NestedLayer();

    [GeneratedRegex("\\.(?:downsamples|upsamples|middle)\\.[0-9]+\\.", RegexOptions.CultureInvariant)]
    private static partial Regex IsBlock();
}
