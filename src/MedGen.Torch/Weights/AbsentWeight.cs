using static TorchSharp.torch;

namespace MedGen.Torch.Weights;

/// <summary>A quantised weight of which the shape is known and no code: what it reads has shape and number type alone (torch's meta).</summary>
/// <param name="info">What is known of it.</param>
internal sealed class AbsentWeight(WeightInfo info) : StoredWeight
{
    /// <inheritdoc />
    public override IReadOnlyList<long> Shape => info.Shape;

    /// <inheritdoc />
    public override long ByteLength => info.ByteLength;

    /// <inheritdoc />
    public override Tensor? Numbers => null;

    /// <inheritdoc />
    public override Tensor Read(ScalarType type) => empty([.. info.Shape], type, META);

    /// <inheritdoc />
    public override Tensor ReadRows(Tensor indices, ScalarType type) => empty(indices.numel(), info.Shape[1], type, META);

    /// <inheritdoc />
    public override StoredWeight To(Device device, ScalarType? type = null) => this;

    /// <inheritdoc />
    public override StoredWeight CopyTo(Device device) => new AbsentWeight(info);

    /// <inheritdoc />
    public override StoredWeight DetachFromDisposeScope() => this;

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
    }
}
