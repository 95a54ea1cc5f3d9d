using System.Globalization;
using MedGen.Sdk.Errors;

namespace MedGen.Model.TextEncoders;

/// <summary>
/// What a GGUF file states of a T5 encoder (llama.cpp, gguf-py/gguf/constants.py): the epsilon of its norms is used, sizes must be those of the
/// weights.
/// </summary>
internal static class GgufTextStatements
{
    private const string Prefix = "t5encoder.";
    private static readonly string[] EpsilonKeys = ["attention.layer_norm_rms_epsilon", "attention.layer_norm_epsilon"];

    /// <summary>The statements that are used or compared.</summary>
    public static IEnumerable<string> Keys => Sizes.Keys.Concat(EpsilonKeys).Select(key => Prefix + key);

    private static Dictionary<string, Func<UMT5EncoderConfig, int>> Sizes { get; } = new()
    {
        ["embedding_length"] = config => config.Dim,
        ["feed_forward_length"] = config => config.FeedForwardDim,
        ["block_count"] = config => config.NumLayers,
        ["attention.head_count"] = config => config.NumHeads,
        ["attention.key_length"] = config => config.AttentionDim / config.NumHeads,
        ["attention.value_length"] = config => config.AttentionDim / config.NumHeads,
        ["attention.relative_buckets_count"] = config => config.NumBuckets,
    };

    /// <summary>Checks the statements and takes the epsilon.</summary>
    /// <param name="config">Sizes by the weights, and by a config file where there is one.</param>
    /// <param name="hasFile">Whether there is one, which the statements must then agree with.</param>
    /// <param name="statements">The statements.</param>
    /// <param name="fileName">File named in errors.</param>
    /// <exception cref="ModelFormatException">A statement contradicts the weights or the file.</exception>
    public static UMT5EncoderConfig Apply(UMT5EncoderConfig config, bool hasFile, IReadOnlyDictionary<string, object> statements, string fileName)
    {
        foreach ((string key, Func<UMT5EncoderConfig, int> size) in Sizes)
        {
            if (statements.GetValueOrDefault(Prefix + key) is { } stated && !stated.Equals((long)size(config)))
            {
                throw new ModelFormatException(fileName, $"{fileName}: {Prefix}{key} is {stated}, by the weights it is {size(config)}.");
            }
        }

        foreach (string key in EpsilonKeys.Select(key => Prefix + key))
        {
            if (statements.GetValueOrDefault(key) is not { } stated)
            {
                continue;
            }

            if (stated is not double epsilon || !(epsilon > 0) || (hasFile && Math.Abs(epsilon - config.Epsilon) > 1e-3 * config.Epsilon))
            {
                throw new ModelFormatException(
                    fileName,
                    string.Create(
                        CultureInfo.InvariantCulture, $"{fileName}: {key} is {stated}; allowed: {(hasFile ? config.Epsilon : "above 0")}."));
            }

            // Stored in float32; without its rounding, where that is all the difference.
            string shortest = ((float)epsilon).ToString("R", CultureInfo.InvariantCulture);
            config = hasFile ? config : config with { Epsilon = double.Parse(shortest, CultureInfo.InvariantCulture) };
            hasFile = true;
        }

        return config;
    }
}
