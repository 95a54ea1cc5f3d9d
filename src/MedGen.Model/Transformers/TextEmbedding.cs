using MedGen.Abstractions.Errors;
using MedGen.Model.Adapters;
using MedGen.Model.Parameters;
using static TorchSharp.torch;

namespace MedGen.Model.Transformers;

/// <summary>
/// Embeds rows of the text encoder (Wan2.1 <c>model.py</c>, <c>text_embedding</c>). The reference pads every prompt with zero rows to <c>text_len</c>, embeds them and
/// does not mask them. All those rows are alike, so one key stands for them here, with the logarithm of their number on its logit. That is exact.
/// </summary>
internal sealed class TextEmbedding(ParameterSet parameters, WanTransformerConfig config)
{
    private readonly AdaptableLinear _first = AdaptableLinear.Take(parameters, "text_embedding.0", config.Dim, config.TextDim);
    private readonly AdaptableLinear _second = AdaptableLinear.Take(parameters, "text_embedding.2", config.Dim, config.Dim);

    /// <summary>Embeds prompts.</summary>
    /// <param name="contexts">Rows of each prompt's real tokens, [L, text_dim] with 1 ≤ L ≤ text_len.</param>
    /// <param name="adapters">Adapters; null: none.</param>
    /// <returns>[B, rows, dim] and what is added to the logits of its keys, [B, 1, 1, rows]; null where no prompt is padded.</returns>
    /// <exception cref="InvalidInputException">A context has another shape.</exception>
    public (Tensor Embedded, Tensor? Bias) Forward(IReadOnlyList<Tensor> contexts, AdapterSet? adapters)
    {
        ArgumentOutOfRangeException.ThrowIfZero(contexts.Count);
        foreach (Tensor context in contexts)
        {
            ThrowIfOfAnotherShape(context);
        }

        long[] real = [.. contexts.Select(context => context.shape[0])];
        bool isPadded = real.Any(length => length < config.TextLength);
        long rows = real.Max() + (isPadded ? 1 : 0);
        Tensor padded = stack([.. contexts.Select(context => PadRows(context, rows))]); // [B, rows, text_dim]
        Tensor embedded = _second.Forward(_first.ForwardGelu(padded, adapters), adapters); // [B, rows, dim]
        return (embedded, isPadded ? PaddingBias(real, rows) : null);
    }

    private Tensor PadRows(Tensor context, long rows)
    {
        Tensor moved = context.to(parameters.DataType, parameters.Device); // [L, text_dim]
        return cat([moved, moved.new_zeros(rows - context.shape[0], config.TextDim)], dim: 0); // [rows, text_dim]
    }

    private Tensor PaddingBias(long[] real, long rows)
    {
        float[] bias = new float[real.Length * rows];
        for (int item = 0; item < real.Length; item++)
        {
            for (long row = real[item]; row < rows; row++)
            {
                long padding = config.TextLength - real[item];
                bias[(item * rows) + row] = row == real[item] && padding > 0 ? MathF.Log(padding) : float.NegativeInfinity;
            }
        }

        return tensor(bias).view(real.Length, 1, 1, rows).to(parameters.DataType, parameters.Device); // [B, 1, 1, rows]
    }

    private void ThrowIfOfAnotherShape(Tensor context)
    {
        if (context.shape is not [var length, var width] || width != config.TextDim || length < 1 || length > config.TextLength)
        {
            throw new InvalidInputException(
                "contexts", $"got a context of shape [{string.Join(", ", context.shape)}]; allowed is [1 to {config.TextLength}, {config.TextDim}].");
        }
    }
}
