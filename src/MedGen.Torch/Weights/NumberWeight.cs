using static TorchSharp.torch;

namespace MedGen.Torch.Weights;

/// <summary>A weight of numbers, within a graph too.</summary>
/// <param name="values">The numbers.</param>
internal sealed class NumberWeight(Tensor values) : StoredWeight
{
    /// <inheritdoc />
    public override IReadOnlyList<long> Shape => values.shape;

    /// <inheritdoc />
    public override long ByteLength => values.numel() * values.element_size();

    /// <inheritdoc />
    public override Tensor? Numbers => values;

    /// <inheritdoc />
    public override Tensor Read(ScalarType type) => values.dtype == type ? values.alias() : values.to_type(type);

    /// <inheritdoc />
    public override Tensor ReadRows(Tensor indices, ScalarType type)
    {
        Tensor rows = values.index_select(0, indices); // [n, columns]
        if (rows.dtype == type)
        {
            return rows;
        }

        using (rows)
        {
            return rows.to_type(type); // [n, columns]
        }
    }

    /// <inheritdoc />
    public override StoredWeight To(Device device, ScalarType? type = null)
    {
        Tensor moved = values.to(type ?? values.dtype, device);
        return ReferenceEquals(moved, values) ? this : new NumberWeight(moved);
    }

    /// <inheritdoc />
    public override StoredWeight CopyTo(Device device) => new NumberWeight(values.to(values.dtype, device, copy: true));

    /// <inheritdoc />
    public override StoredWeight DetachFromDisposeScope()
    {
        values.DetachFromDisposeScope();
        return this;
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing) => values.Dispose();
}
