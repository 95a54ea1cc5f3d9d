using static TorchSharp.torch;

namespace MedGen.Torch.Weights;

/// <summary>
/// A weight as it is kept: numbers, or codes of fewer bits of which the numbers are made where they are used. Owns its tensors.
/// </summary>
public abstract class StoredWeight : IDisposable
{
    /// <summary>Sizes of its values, outermost first.</summary>
    public abstract IReadOnlyList<long> Shape { get; }

    /// <summary>Bytes that it takes.</summary>
    public abstract long ByteLength { get; }

    /// <summary>Whether it is kept in codes rather than in numbers.</summary>
    public bool IsQuantized => Numbers is null;

    /// <summary>The numbers themselves, which belong to the weight; null: it is quantised.</summary>
    public abstract Tensor? Numbers { get; }

    /// <summary>Number of values.</summary>
    public long ElementCount => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Its values.</summary>
    /// <param name="type">Number type wanted; codes are scaled in float32 and rounded to it once.</param>
    /// <returns><see cref="Shape"/>, on its device; the caller disposes it, and must not change it in place: it may be the weight itself.</returns>
    public abstract Tensor Read(ScalarType type);

    /// <summary>Some rows of a table.</summary>
    /// <param name="indices">Of the rows, int64 [n], on its device.</param>
    /// <param name="type">Number type wanted.</param>
    /// <returns>[n, columns]; the caller disposes it.</returns>
    public abstract Tensor ReadRows(Tensor indices, ScalarType type);

    /// <summary>The same weight elsewhere, or in another number type.</summary>
    /// <param name="device">Where.</param>
    /// <param name="type">Number type of numbers; codes stay as they are. Null: as it is.</param>
    /// <returns>A weight of its own, or this one where nothing is to be changed.</returns>
    public abstract StoredWeight To(Device device, ScalarType? type = null);

    /// <summary>A copy of the weight, on the same device too.</summary>
    /// <param name="device">Where.</param>
    /// <returns>A weight of its own.</returns>
    public abstract StoredWeight CopyTo(Device device);

    /// <summary>Takes its tensors out of the dispose scope that they were made in.</summary>
    /// <returns>This weight.</returns>
    public abstract StoredWeight DetachFromDisposeScope();

    /// <summary>A weight of numbers.</summary>
    /// <param name="values">The numbers; they belong to the weight from now on.</param>
    /// <returns>The weight.</returns>
    public static StoredWeight FromTensor(Tensor values) => new NumberWeight(values);

    /// <summary>As <see cref="FromTensor"/>.</summary>
    /// <param name="values">The numbers.</param>
    public static implicit operator StoredWeight(Tensor values) => FromTensor(values);

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets its tensors go.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> was called.</param>
    protected abstract void Dispose(bool disposing);
}
