using MedGen.Torch.Operations;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGen.Model.Transformers;

/// <summary>
/// softmax(q · kᵀ / √headDim + bias) · v. libtorch's fused kernel, except on a CPU that multiplies bfloat16 in hardware: there the fused kernel is no
/// faster in bfloat16 than in float32, and two matrix products around a softmax, over as many logits at a time as a cache holds, are.
/// </summary>
internal static class DotProductAttention
{
    // 4 MB in bfloat16.
    private const long LogitsAtATime = 1 << 21;

    /// <summary>Attends.</summary>
    /// <param name="q">[B, heads, S, headDim].</param>
    /// <param name="k">[B, heads, L, headDim].</param>
    /// <param name="v">[B, heads, L, headDim].</param>
    /// <param name="bias">Added to the logits, [B, 1, 1, L]; null: nothing.</param>
    /// <returns>[B, heads, S, headDim] in the current dispose scope.</returns>
    public static Tensor Forward(Tensor q, Tensor k, Tensor v, Tensor? bias) =>
        CpuKernels.Current.HasBfloat16 && q.dtype == ScalarType.BFloat16 && q.device_type == TorchSharp.DeviceType.CPU
        && !(is_grad_enabled() && (q.requires_grad || k.requires_grad || v.requires_grad))
            ? InPieces(q, k, v, bias)
            : functional.scaled_dot_product_attention(q, k, v, bias);

    private static Tensor InPieces(Tensor q, Tensor k, Tensor v, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        (long batch, long heads, long s, long length) = (q.size(0), q.size(1), q.size(2), k.size(2));
        Tensor queries = (q * (1 / Math.Sqrt(q.size(3)))).reshape(batch * heads, s, -1).contiguous(); // [B · heads, S, headDim]
        Tensor keys = k.reshape(batch * heads, length, -1).contiguous().transpose(1, 2); // [B · heads, headDim, L]
        Tensor values = v.reshape(batch * heads, length, -1).contiguous(); // [B · heads, L, headDim]
        Tensor? added = bias?.expand(batch, heads, 1, length).flatten(0, 1); // [B · heads, 1, L]
        Tensor result = empty_like(queries); // [B · heads, S, headDim]
        long together = Math.Clamp(LogitsAtATime / (s * length), 1, batch * heads);
        long rows = Math.Clamp(LogitsAtATime / length, 1, s);
        for (long head = 0; head < batch * heads; head += together)
        {
            long count = Math.Min(together, (batch * heads) - head);
            for (long row = 0; row < s; row += rows)
            {
                using var pieceScope = NewDisposeScope();
                long taken = Math.Min(rows, s - row);
                Tensor logits = bmm(queries.narrow(0, head, count).narrow(1, row, taken), keys.narrow(0, head, count)); // [count, taken, L]
                if (added is not null)
                {
                    logits.add_(added.narrow(0, head, count));
                }

                result.narrow(0, head, count).narrow(1, row, taken).copy_(bmm(logits.softmax(-1), values.narrow(0, head, count)));
            }
        }

        return result.view(q.shape).MoveToOuterDisposeScope(); // [B, heads, S, headDim]
    }
}
