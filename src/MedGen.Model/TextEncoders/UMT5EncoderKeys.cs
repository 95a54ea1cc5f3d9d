using System.Text.RegularExpressions;

namespace MedGen.Model.TextEncoders;

/// <summary>Names of the text encoder's weights: original Wan (<c>blocks.0.attn.q.weight</c>) and Hugging Face UMT5EncoderModel.</summary>
public static partial class UMT5EncoderKeys
{
    private static readonly Dictionary<string, string> LayerNames = new()
    {
        ["0.layer_norm"] = "norm1",
        ["0.SelfAttention.q"] = "attn.q",
        ["0.SelfAttention.k"] = "attn.k",
        ["0.SelfAttention.v"] = "attn.v",
        ["0.SelfAttention.o"] = "attn.o",
        ["0.SelfAttention.relative_attention_bias"] = "pos_embedding.embedding",
        ["1.layer_norm"] = "norm2",
        ["1.DenseReluDense.wi_0"] = "ffn.gate.0",
        ["1.DenseReluDense.wi_1"] = "ffn.fc1",
        ["1.DenseReluDense.wo"] = "ffn.fc2",
    };

    /// <summary>Translates a name to the original convention.</summary>
    /// <param name="name">A name in either convention.</param>
    /// <returns>The original name; a name that is not of the Hugging Face convention comes back as it is.</returns>
    public static string ToOriginal(string name)
    {
        switch (name)
        {
            case "shared.weight" or "encoder.embed_tokens.weight":
                return "token_embedding.weight";
            case "encoder.final_layer_norm.weight":
                return "norm.weight";
        }

        Match match = BlockName().Match(name);
        return match.Success && LayerNames.TryGetValue(match.Groups[2].Value, out string? layer)
            ? $"blocks.{match.Groups[1].Value}.{layer}.weight"
            : name;
    }

    /// <summary>
    /// Translates the names of a file. <c>encoder.embed_tokens.weight</c> is left out where <c>shared.weight</c> is there: the two are one.
    /// </summary>
    /// <param name="names">All names of the file, in either convention.</param>
    /// <returns>Name in the file to original name.</returns>
    public static IReadOnlyDictionary<string, string> ToOriginal(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        HashSet<string> all = [.. names];
        return all.Where(name => name != "encoder.embed_tokens.weight" || !all.Contains("shared.weight"))
            .ToDictionary(name => name, ToOriginal, StringComparer.Ordinal);
    }

    [GeneratedRegex("^encoder\\.block\\.([0-9]+)\\.layer\\.(.+)\\.weight$", RegexOptions.CultureInvariant)]
    private static partial Regex BlockName();
}
