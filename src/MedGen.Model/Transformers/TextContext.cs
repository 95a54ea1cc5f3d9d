using static TorchSharp.torch;

namespace MedGen.Model.Transformers;

/// <summary>
/// What the transformer's cross-attention needs of the prompts of one batch: keys and values of every block. Made once per prompt and adapter set by
/// <see cref="WanTransformer.PrepareText"/> and used at every step.
/// </summary>
public sealed class TextContext : IDisposable
{
    private readonly IReadOnlyList<TextKeys> _blocks;
    private readonly Tensor? _bias;

    internal TextContext(long batch, IReadOnlyList<(Tensor Key, Tensor Value)> blocks, Tensor? bias)
    {
        Batch = batch;
        _bias = bias;
        _blocks = [.. blocks.Select(block => new TextKeys(block.Key, block.Value, bias))];
    }

    /// <summary>Number of prompts.</summary>
    public long Batch { get; }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (TextKeys block in _blocks)
        {
            block.Key.Dispose();
            block.Value.Dispose();
        }

        _bias?.Dispose();
    }

    internal TextKeys Block(int index) => _blocks[index];
}

/// <summary>Keys and values of the text in one block.</summary>
/// <param name="Key">[B, heads, L, headDim].</param>
/// <param name="Value">[B, heads, L, headDim].</param>
/// <param name="Bias">Added to the attention logits, [B, 1, 1, L]; null: nothing to add.</param>
internal sealed record TextKeys(Tensor Key, Tensor Value, Tensor? Bias);
