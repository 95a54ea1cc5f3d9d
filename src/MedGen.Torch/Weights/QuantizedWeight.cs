using static TorchSharp.torch;

namespace MedGen.Torch.Weights;

/// <summary>A weight in codes. Its values are made a piece at a time, so that beside them little memory is needed.</summary>
/// <param name="shape">Sizes of its values.</param>
/// <param name="units">Rows or blocks that it can be divided into.</param>
internal abstract class QuantizedWeight(IReadOnlyList<long> shape, long units) : StoredWeight
{
    private const long ValuesAtATime = 1 << 20;

    /// <inheritdoc />
    public override IReadOnlyList<long> Shape => shape;

    /// <inheritdoc />
    public override Tensor? Numbers => null;

    /// <summary>Where the codes are.</summary>
    protected abstract Device Device { get; }

    /// <inheritdoc />
    public override Tensor Read(ScalarType type)
    {
        Tensor result = empty([.. shape], type, Device);
        if (ElementCount == 0)
        {
            return result;
        }

        using Tensor target = result.view(units, -1); // [units, values of one]
        long step = Math.Max(1, ValuesAtATime / target.size(1));
        for (long first = 0; first < units; first += step)
        {
            using var scope = NewDisposeScope();
            long count = Math.Min(step, units - first);
            target.narrow(0, first, count).copy_(Values(first, count));
        }

        return result;
    }

    /// <summary>The values of some rows or blocks.</summary>
    /// <param name="first">The first.</param>
    /// <param name="count">How many.</param>
    /// <returns>float32 [count, values of one], in the current dispose scope.</returns>
    protected abstract Tensor Values(long first, long count);
}
