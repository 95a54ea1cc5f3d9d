using MedGen.Model.TextEncoders;
using MedGen.Model.TextEncoders.Cleaning;
using MedGen.Model.TextEncoders.Tokenization;
using MedGen.Training.Clips;
using static TorchSharp.torch;

namespace MedGen.Training.Flow;

/// <summary>A text encoder that stays as it is: each caption is encoded once and kept on disk under the encoder's hash.</summary>
/// <param name="tokenizer">Its vocabulary.</param>
/// <param name="encoder">The encoder; it belongs to this object.</param>
/// <param name="hash">Identity of the encoder's files.</param>
/// <param name="maxTokens">Tokens of a caption at most, end of sentence included.</param>
/// <param name="cache">Where rows are kept.</param>
internal sealed class FrozenText(SentencePieceTokenizer tokenizer, UMT5Encoder encoder, string hash, int maxTokens, CacheFolder cache)
    : ITextConditioning
{
    /// <summary>Rows of captions, [L, dim].</summary>
    public IReadOnlyList<Tensor> Encode(IReadOnlyList<string> captions, IReadOnlyDictionary<string, Tensor> weights) => [.. captions.Select(Rows)];

    /// <summary>Encodes a caption unless its rows are in the cache.</summary>
    public Tensor Rows(string caption)
    {
        string path = cache.PathOf($"text {hash} {maxTokens} {caption}");
        if (File.Exists(path))
        {
            float[] kept = CacheFolder.ReadNumbers(path);
            return tensor(kept, [kept.Length / encoder.Config.Dim, encoder.Config.Dim]);
        }

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        int[] ids = tokenizer.Encode(PromptCleaner.Clean(caption), maxTokens);
        Tensor rows = encoder.Encode(tensor(Array.ConvertAll(ids, id => (long)id)).unsqueeze(0)).squeeze(0).to(ScalarType.Float32, CPU); // [L, dim]
        CacheFolder.Write(path, rows.contiguous().data<float>().ToArray());
        return rows.MoveToOuterDisposeScope();
    }

    public void Dispose() => encoder.Dispose();
}
