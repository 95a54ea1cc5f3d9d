using MedGen.Model.TextEncoders;
using MedGen.Model.TextEncoders.Cleaning;
using MedGen.Model.TextEncoders.Tokenization;
using static TorchSharp.torch;

namespace MedGen.Model.Pipelines;

/// <summary>
/// From prompt to text encoder rows: clean, tokenize, cut to the model's length (end of sequence stays), encode the real tokens alone. The last
/// prompts' rows are kept, so that the negative prompt and repeated requests cost nothing.
/// </summary>
internal sealed class PromptEncoder(SentencePieceTokenizer tokenizer, UMT5Encoder encoder, int maxTokens) : IDisposable
{
    /// <summary>8 MB each at the real model's 512 rows of 4096 floats.</summary>
    private const int Capacity = 32;

    private readonly Dictionary<string, LinkedListNode<(string Key, Tensor Rows)>> _cache = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Key, Tensor Rows)> _recent = new();

    /// <summary>Cleans and tokenizes.</summary>
    /// <returns>1 to maxTokens ids, the last one the end of sequence.</returns>
    public int[] Tokenize(string prompt) => tokenizer.Encode(PromptCleaner.Clean(prompt), maxTokens);

    /// <summary>Encodes a prompt.</summary>
    /// <returns>Rows of the real tokens, [L, dim]; they belong to the cache: use them before the next call.</returns>
    public Tensor Encode(string prompt)
    {
        int[] ids = Tokenize(prompt);
        string key = string.Join(' ', ids);
        if (_cache.TryGetValue(key, out var known))
        {
            _recent.Remove(known);
            _recent.AddFirst(known);
            return known.Value.Rows;
        }

        using var scope = NewDisposeScope();
        Tensor rows = encoder.Encode(tensor(Array.ConvertAll(ids, id => (long)id)).unsqueeze(0)).squeeze(0).DetachFromDisposeScope(); // [L, dim]
        _cache[key] = _recent.AddFirst((key, rows));
        if (_recent.Count > Capacity)
        {
            (string oldest, Tensor dropped) = _recent.Last!.Value;
            _recent.RemoveLast();
            _cache.Remove(oldest);
            dropped.Dispose();
        }

        return rows;
    }

    public void Dispose()
    {
        foreach ((_, Tensor rows) in _recent)
        {
            rows.Dispose();
        }
    }
}
