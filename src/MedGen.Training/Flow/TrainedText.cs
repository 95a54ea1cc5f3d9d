using MedGen.Model.TextEncoders;
using MedGen.Model.TextEncoders.Cleaning;
using MedGen.Model.TextEncoders.Tokenization;
using MedGen.Training.Optimization;
using static TorchSharp.torch;

namespace MedGen.Training.Flow;

/// <summary>A text encoder that is trained together with the transformer: the flow's loss is its only teacher.</summary>
/// <param name="tokenizer">Its vocabulary.</param>
/// <param name="config">Its sizes.</param>
/// <param name="maxTokens">Tokens of a caption at most, end of sentence included.</param>
/// <param name="device">Where to compute.</param>
/// <param name="dataType">What to compute in.</param>
internal sealed class TrainedText(SentencePieceTokenizer tokenizer, UMT5EncoderConfig config, int maxTokens, Device device, ScalarType dataType)
    : ITextConditioning
{
    /// <summary>Start of the names of its weights.</summary>
    public const string Prefix = "text_encoder.";

    private readonly Dictionary<string, int[]> _tokens = new(StringComparer.Ordinal);

    /// <summary>Sizes.</summary>
    public UMT5EncoderConfig Config => config;

    public IReadOnlyList<Tensor> Encode(IReadOnlyList<string> captions, IReadOnlyDictionary<string, Tensor> weights)
    {
        using var scope = NewDisposeScope();
        int[][] tokens = [.. captions.Select(Tokenize)];
        int longest = tokens.Max(row => row.Length);
        long[] ids = new long[tokens.Length * longest];
        for (int row = 0; row < tokens.Length; row++)
        {
            for (int i = 0; i < longest; i++)
            {
                ids[(row * longest) + i] = i < tokens[row].Length ? tokens[row][i] : tokenizer.PadId;
            }
        }

        using UMT5Encoder encoder = UMT5Encoder.Load(ParameterVector.Reader(weights, Prefix), config, device, dataType);
        Tensor states = encoder.EncodePadded(tensor(ids, [tokens.Length, longest]), [.. tokens.Select(row => row.Length)]); // [B, L, dim]
        return [.. tokens.Select((row, index) => states.select(0, index).narrow(0, 0, row.Length).MoveToOuterDisposeScope())];
    }

    public void Dispose()
    {
        // The weights belong to the run.
    }

    private int[] Tokenize(string caption)
    {
        if (!_tokens.TryGetValue(caption, out int[]? ids))
        {
            _tokens[caption] = ids = tokenizer.Encode(PromptCleaner.Clean(caption), maxTokens);
        }

        return ids;
    }
}
