using MedGen.Model.TextEncoders;
using MedGen.Model.TextEncoders.Cleaning;
using MedGen.Model.TextEncoders.Tokenization;
using static TorchSharp.torch;

namespace MedGen.Model.Pipelines;

/// <summary>
/// From prompt to text encoder rows: clean, tokenize, cut to the model's length (end of sequence stays), encode the real tokens alone. Rows are
/// cached, so that the negative prompt and repeated requests cost nothing.
/// </summary>
internal sealed class PromptEncoder(SentencePieceTokenizer tokenizer, UMT5Encoder encoder, int maxTokens, EmbeddingCache cache) : IDisposable
{
    /// <summary>Cleans and tokenizes.</summary>
    /// <returns>1 to maxTokens ids, the last one the end of sequence.</returns>
    public int[] Tokenize(string prompt) => tokenizer.Encode(PromptCleaner.Clean(prompt), maxTokens);

    /// <summary>Encodes a prompt.</summary>
    /// <returns>Rows of the real tokens, [L, dim]; they belong to the cache: use them before the next call.</returns>
    public Tensor Encode(string prompt)
    {
        int[] ids = Tokenize(prompt);
        return cache.GetOrAdd(ids, () =>
        {
            using var scope = NewDisposeScope();
            return encoder.Encode(tensor(Array.ConvertAll(ids, id => (long)id)).unsqueeze(0)).squeeze(0).MoveToOuterDisposeScope(); // [L, dim]
        });
    }

    /// <summary>Forgets the rows of all prompts.</summary>
    /// <returns>Whether no file of them is left.</returns>
    public bool Forget() => cache.Clear();

    public void Dispose() => cache.Dispose();
}
