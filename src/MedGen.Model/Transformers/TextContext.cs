using static TorchSharp.torch;

namespace MedGen.Model.Transformers;

/// <summary>
/// What the transformer's cross-attention needs of the prompts of one batch, and of their pictures where it attends to those: keys and values of
/// every block. Made once per prompt and adapter set by <see cref="WanTransformer.PrepareText"/> and used at every step.
/// </summary>
public sealed class TextContext : IDisposable
{
    private readonly IReadOnlyList<TextKeys> _blocks;
    private readonly Tensor? _bias;

    internal TextContext(long batch, IReadOnlyList<TextKeys> blocks, Tensor? bias)
    {
        Batch = batch;
        _bias = bias;
        _blocks = blocks;
    }

    /// <summary>Number of prompts.</summary>
    public long Batch { get; }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (TextKeys block in _blocks)
        {
            block.Dispose();
        }

        _bias?.Dispose();
    }

    internal TextKeys Block(int index) => _blocks[index];
}

/// <summary>Keys and values of the text in one block, and of the picture.</summary>
/// <param name="Key">[B, heads, L, headDim].</param>
/// <param name="Value">[B, heads, L, headDim].</param>
/// <param name="Bias">Added to the attention logits, [B, 1, 1, L]; null: nothing to add. Shared by the blocks.</param>
/// <param name="ImageKey">[B, heads, image tokens, headDim]; null: there is no picture.</param>
/// <param name="ImageValue">As the key.</param>
internal sealed record TextKeys(Tensor Key, Tensor Value, Tensor? Bias, Tensor? ImageKey = null, Tensor? ImageValue = null) : IDisposable
{
    private IEnumerable<Tensor> Own => new[] { Key, Value, ImageKey, ImageValue }.OfType<Tensor>();

    /// <summary>Makes the keys and values outlive the scope.</summary>
    public void Detach()
    {
        foreach (Tensor part in Own)
        {
            part.DetachFromDisposeScope();
        }
    }

    public void Dispose()
    {
        foreach (Tensor part in Own)
        {
            part.Dispose();
        }
    }
}
