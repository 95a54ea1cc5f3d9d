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

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        "\\.(?<way>up|down)_blocks\\.(?<stage>[0-9]{1,4})\\.(?:resnets\\.(?<block>[0-9]{1,4})|(?:up|down)sampler(?:s\\.0)?)\\.",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex StageBlock();

    [GeneratedRegex("\\.(?:downsamples|upsamples|middle)\\.[0-9]+\\.", RegexOptions.CultureInvariant)]
    private static partial Regex IsBlock();
}
