using static TorchSharp.torch;

namespace MedGen.Model.Adapters;

/// <summary>How an adapter changes the weight of one linear: W' = W + scale · ΔW, where ΔW may depend on W.</summary>
internal abstract record LinearUpdate : IDisposable
{
    /// <summary>The change of a weight.</summary>
    /// <param name="weight">The weight, [out, in]; left as it is.</param>
    /// <param name="scale">The adapter's strength.</param>
    /// <returns>Float32 [out, in].</returns>
    public abstract Tensor Delta(Tensor weight, double scale);

    /// <summary>The change of the linear's output.</summary>
    /// <param name="input">[..., in].</param>
    /// <param name="weight">The weight, [out, in].</param>
    /// <param name="scale">The adapter's strength.</param>
    /// <returns>[..., out].</returns>
    public virtual Tensor Apply(Tensor input, Tensor weight, double scale)
    {
        using var scope = NewDisposeScope();
        Tensor delta = Delta(weight, scale).to_type(input.dtype); // [out, in]
        return input.matmul(delta.t()).MoveToOuterDisposeScope(); // [..., out]
    }

    /// <inheritdoc />
    public abstract void Dispose();
}

/// <summary>LoRA (arXiv 2106.09685): ΔW = Factor · Up · Down.</summary>
internal sealed record LowRankUpdate(Tensor Down, Tensor Up, double Factor) : LinearUpdate
{
    /// <inheritdoc />
    public override Tensor Delta(Tensor weight, double scale) =>
        Up.to_type(ScalarType.Float32).matmul(Down.to_type(ScalarType.Float32)).mul_(scale * Factor); // [out, in]

    /// <inheritdoc />
    public override Tensor Apply(Tensor input, Tensor weight, double scale) =>
        input.matmul(Down.t()).matmul(Up.t()).mul_(scale * Factor); // [..., out]

    /// <inheritdoc />
    public override void Dispose()
    {
        Down.Dispose();
        Up.Dispose();
    }
}

/// <summary>
/// DoRA (arXiv 2402.09353): V = W + Factor · Up · Down takes the given magnitudes, by rows, [out, 1], or by columns, [1, in]: ΔW = V · m / |V| − W.
/// The norm is of V, as in the paper and PEFT; ComfyUI divides rows by the norm of W.
/// </summary>
internal sealed record MagnitudeUpdate(LowRankUpdate Direction, Tensor Magnitudes) : LinearUpdate
{
    /// <inheritdoc />
    public override Tensor Delta(Tensor weight, double scale)
    {
        using var scope = NewDisposeScope();
        Tensor wide = weight.to_type(ScalarType.Float32); // [out, in]
        Tensor turned = wide + Direction.Delta(wide, 1); // [out, in]
        long axis = Magnitudes.size(1) == 1 ? 1 : 0;
        Tensor lengths = linalg.vector_norm(turned, 2, [axis], keepdim: true); // as the magnitudes
        return turned.mul_(Magnitudes / lengths).sub_(wide).mul_(scale).MoveToOuterDisposeScope(); // [out, in]
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        Direction.Dispose();
        Magnitudes.Dispose();
    }
}

/// <summary>LoHa of LyCORIS (arXiv 2108.06098): ΔW = Factor · (A₁ · B₁) ∘ (A₂ · B₂).</summary>
internal sealed record HadamardUpdate(Tensor A1, Tensor B1, Tensor A2, Tensor B2, double Factor) : LinearUpdate
{
    /// <inheritdoc />
    public override Tensor Delta(Tensor weight, double scale)
    {
        using var scope = NewDisposeScope();
        return A1.matmul(B1).mul_(A2.matmul(B2)).mul_(scale * Factor).MoveToOuterDisposeScope(); // [out, in]
    }

    /// <inheritdoc />
    public override void Dispose() => Array.ForEach([A1, B1, A2, B2], part => part.Dispose());
}

/// <summary>LoKr of LyCORIS (arXiv 2212.10650): ΔW = Factor · First ⊗ Second, each whole or a product of two.</summary>
internal sealed record KroneckerUpdate(IReadOnlyList<Tensor> First, IReadOnlyList<Tensor> Second, double Factor) : LinearUpdate
{
    /// <inheritdoc />
    public override Tensor Delta(Tensor weight, double scale)
    {
        using var scope = NewDisposeScope();
        return kron(Whole(First), Whole(Second)).mul_(scale * Factor).MoveToOuterDisposeScope(); // [out, in]
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        foreach (Tensor part in First.Concat(Second))
        {
            part.Dispose();
        }
    }

    private static Tensor Whole(IReadOnlyList<Tensor> parts) => parts is [var a, var b] ? a.matmul(b) : parts[0];
}

/// <summary>A difference of the whole weight, <c>.diff</c>: ΔW = Difference.</summary>
internal sealed record WeightDifference(Tensor Difference) : LinearUpdate
{
    /// <inheritdoc />
    public override Tensor Delta(Tensor weight, double scale) => Difference.to_type(ScalarType.Float32, copy: true).mul_(scale); // [out, in]

    /// <inheritdoc />
    public override void Dispose() => Difference.Dispose();
}
