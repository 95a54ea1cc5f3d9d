using MedGen.Torch.Weights;
using static TorchSharp.torch;

namespace MedGen.Torch.Gguf;

/// <summary>A weight in blocks of codes.</summary>
/// <param name="type">A type of blocks.</param>
/// <param name="shape">Sizes of its values.</param>
/// <param name="bytes">uint8 [n, bytes of a block].</param>
/// <param name="scales">The blocks' 16-bit floats, [n, 1 or 2]; on a CPU they may look at the same memory.</param>
internal sealed class BlockWeight(GgufType type, IReadOnlyList<long> shape, Tensor bytes, Tensor scales) : QuantizedWeight(shape, bytes.size(0))
{
    /// <inheritdoc />
    public override long ByteLength => bytes.numel();

    /// <inheritdoc />
    protected override Device Device => bytes.device;

    /// <inheritdoc />
    public override Tensor ReadRows(Tensor indices, ScalarType numberType)
    {
        using var scope = NewDisposeScope();
        if (Shape is not [_, var columns] || columns % type.BlockValues() != 0)
        {
            // A block reaches over several rows.
            return Read(numberType).index_select(0, indices).MoveToOuterDisposeScope(); // [n, columns]
        }

        long blocks = columns / type.BlockValues();
        Tensor picked = ((indices.unsqueeze(1) * blocks) + arange(blocks, ScalarType.Int64, indices.device)).view(-1); // [n · blocks]
        return GgufBlocks.Values(type, bytes.index_select(0, picked), scales.index_select(0, picked))
            .view(-1, columns).to_type(numberType).MoveToOuterDisposeScope(); // [n, columns]
    }

    /// <inheritdoc />
    public override StoredWeight To(Device device, ScalarType? numberType = null)
    {
        Tensor moved = bytes.to(device);
        return ReferenceEquals(moved, bytes) ? this : new BlockWeight(type, Shape, moved, scales.to(device));
    }

    /// <inheritdoc />
    public override StoredWeight CopyTo(Device device) =>
        new BlockWeight(type, Shape, bytes.to(bytes.dtype, device, copy: true), scales.to(scales.dtype, device, copy: true));

    /// <inheritdoc />
    public override StoredWeight DetachFromDisposeScope()
    {
        bytes.DetachFromDisposeScope();
        scales.DetachFromDisposeScope();
        return this;
    }

    /// <inheritdoc />
    protected override Tensor Values(long first, long count) =>
        GgufBlocks.Values(type, bytes.narrow(0, first, count), scales.narrow(0, first, count)); // [count, values of a block]

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        bytes.Dispose();
        scales.Dispose();
    }
}
