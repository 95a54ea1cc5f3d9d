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
        // Decoder stages are lists of their own in diffusers and one list in the original: blocks of a stage, then its upsampler.
        int blocksPerStage = 1 + all.Select(name => UpBlock().Match(name)).Where(match => match.Groups[2].Success)
            .Select(match => int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)).DefaultIfEmpty(-1).Max();
        return all.ToDictionary(name => name, name => ToOriginal(name, blocksPerStage));
    }

    private static string ToOriginal(string name, int blocksPerStage)
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
            .Replace(".mid_block.resnets.1.", ".middle.2.", StringComparison.Ordinal)
            .Replace(".down_blocks.", ".downsamples.", StringComparison.Ordinal);
        original = UpBlock().Replace(original, match =>
        {
            int stage = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
            int block = match.Groups[2].Success ? int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) : blocksPerStage;
            return $".upsamples.{stage * (blocksPerStage + 1) + block}.";
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

    [GeneratedRegex("\\.up_blocks\\.([0-9]{1,4})\\.(?:resnets\\.([0-9]{1,4})|upsamplers\\.0)\\.", RegexOptions.CultureInvariant)]
    private static partial Regex UpBlock();

    [GeneratedRegex("\\.(?:downsamples|upsamples|middle)\\.[0-9]+\\.", RegexOptions.CultureInvariant)]
    private static partial Regex IsBlock();
}
