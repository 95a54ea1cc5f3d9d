using static TorchSharp.torch;

namespace MedGen.Torch.Weights;

/// <summary>A weight in 8-bit floats or whole numbers: value = code · scale.</summary>
/// <param name="codes">float8_e4m3fn, float8_e5m2 or int8.</param>
/// <param name="scale">Float32, one value or one for each row; null: 1.</param>
internal sealed class ScaledWeight(Tensor codes, Tensor? scale) : QuantizedWeight(codes.shape, codes.dim() == 0 ? 1 : codes.size(0))
{
    /// <inheritdoc />
    public override long ByteLength => (codes.numel() * codes.element_size()) + ((scale?.numel() ?? 0) * sizeof(float));

    /// <inheritdoc />
    protected override Device Device => codes.device;

    private bool IsByRow => scale is not null && scale.numel() > 1;

    /// <inheritdoc />
    public override Tensor ReadRows(Tensor indices, ScalarType type)
    {
        using var scope = NewDisposeScope();
        Tensor rows = codes.index_select(0, indices); // [n, columns]
        Tensor? scales = IsByRow ? scale!.view(-1).index_select(0, indices) : scale; // [n]
        return Scaled(rows, scales).to_type(type).MoveToOuterDisposeScope(); // [n, columns]
    }

    /// <inheritdoc />
    public override StoredWeight To(Device device, ScalarType? type = null)
    {
        Tensor moved = codes.to(device);
        return ReferenceEquals(moved, codes) ? this : new ScaledWeight(moved, scale?.to(device));
    }

    /// <inheritdoc />
    public override StoredWeight CopyTo(Device device) =>
        new ScaledWeight(codes.to(codes.dtype, device, copy: true), scale?.to(scale.dtype, device, copy: true));

    /// <inheritdoc />
    public override StoredWeight DetachFromDisposeScope()
    {
        codes.DetachFromDisposeScope();
        scale?.DetachFromDisposeScope();
        return this;
    }

    /// <inheritdoc />
    protected override Tensor Values(long first, long count)
    {
        Tensor rows = codes.dim() == 0 ? codes.view(1, 1) : codes.view(codes.size(0), -1).narrow(0, first, count); // [count, values of one]
        return Scaled(rows, IsByRow ? scale!.view(-1).narrow(0, first, count) : scale);
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        codes.Dispose();
        scale?.Dispose();
    }

    // Codes [n, columns], one scale or n of them.
    private static Tensor Scaled(Tensor rows, Tensor? scales)
    {
        Tensor wide = rows.to_type(ScalarType.Float32); // [n, columns]
        return scales is null ? wide : wide.mul_(scales.view(-1, 1)); // [n, columns]
    }
}
