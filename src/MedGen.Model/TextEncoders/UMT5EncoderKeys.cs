using System.Text.RegularExpressions;

namespace MedGen.Model.TextEncoders;

/// <summary>
/// Names of the text encoder's weights: original Wan (<c>blocks.0.attn.q.weight</c>), Hugging Face UMT5EncoderModel, and llama.cpp in GGUF files
/// (<c>enc.blk.0.attn_q.weight</c>).
/// </summary>
public static partial class UMT5EncoderKeys
{
    /// <summary>The tensor in which ComfyUI's files carry the tokenizer, as bytes of a SentencePiece model.</summary>
    internal const string TokenizerName = "spiece_model";

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

    // llama.cpp, gguf-py/gguf/tensor_mapping.py: the encoder of T5.
    private static readonly Dictionary<string, string> GgufNames = new()
    {
        ["attn_norm"] = "norm1",
        ["attn_q"] = "attn.q",
        ["attn_k"] = "attn.k",
        ["attn_v"] = "attn.v",
        ["attn_o"] = "attn.o",
        ["attn_rel_b"] = "pos_embedding.embedding",
        ["ffn_norm"] = "norm2",
        ["ffn_gate"] = "ffn.gate.0",
        ["ffn_up"] = "ffn.fc1",
        ["ffn_down"] = "ffn.fc2",
    };

    /// <summary>Translates a name to the original convention.</summary>
    /// <param name="name">A name in either convention.</param>
    /// <returns>The original name; a name of no other convention comes back as it is.</returns>
    public static string ToOriginal(string name)
    {
        switch (name)
        {
            case "shared.weight" or "encoder.embed_tokens.weight" or "token_embd.weight":
                return "token_embedding.weight";
            case "encoder.final_layer_norm.weight" or "enc.output_norm.weight":
                return "norm.weight";
        }

        (Match match, Dictionary<string, string> names) =
            BlockName().Match(name) is { Success: true } block ? (block, LayerNames) : (GgufBlockName().Match(name), GgufNames);
        return match.Success && names.TryGetValue(match.Groups[2].Value, out string? layer)
            ? $"blocks.{match.Groups[1].Value}.{layer}.weight"
            : name;
    }

    /// <summary>Translates an original name to Hugging Face's convention.</summary>
    /// <param name="name">An original name.</param>
    /// <returns>The name there; a name of no known part comes back as it is.</returns>
    internal static string ToHuggingFace(string name)
    {
        switch (name)
        {
            case "token_embedding.weight":
                return "shared.weight";
            case "norm.weight":
                return "encoder.final_layer_norm.weight";
        }

        Match match = OriginalBlockName().Match(name);
        string? layer = LayerNames.FirstOrDefault(pair => pair.Value == match.Groups[2].Value).Key;
        return match.Success && layer is not null ? $"encoder.block.{match.Groups[1].Value}.layer.{layer}.weight" : name;
    }

    /// <summary>
    /// Translates the names of a file. <c>encoder.embed_tokens.weight</c> is left out where <c>shared.weight</c> is there: the two are one. So is
    /// <c>spiece_model</c>, which is the tokenizer.
    /// </summary>
    /// <param name="names">All names of the file, in either convention.</param>
    /// <returns>Name in the file to original name.</returns>
    public static IReadOnlyDictionary<string, string> ToOriginal(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        HashSet<string> all = [.. names];
        return all.Where(name => name != TokenizerName && (name != "encoder.embed_tokens.weight" || !all.Contains("shared.weight")))
            .ToDictionary(name => name, ToOriginal, StringComparer.Ordinal);
    }

    [GeneratedRegex("^blocks\\.([0-9]+)\\.(.+)\\.weight$", RegexOptions.CultureInvariant)]
    private static partial Regex OriginalBlockName();

    [GeneratedRegex("^encoder\\.block\\.([0-9]+)\\.layer\\.(.+)\\.weight$", RegexOptions.CultureInvariant)]
    private static partial Regex BlockName();

    [GeneratedRegex("^enc\\.blk\\.([0-9]+)\\.(.+)\\.weight$", RegexOptions.CultureInvariant)]
    private static partial Regex GgufBlockName();
}
