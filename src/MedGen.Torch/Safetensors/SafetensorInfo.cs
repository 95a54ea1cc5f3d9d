namespace MedGen.Torch.Safetensors;

/// <summary>One tensor as the header describes it.</summary>
public sealed record SafetensorInfo
{
    /// <summary>Name, unique in its file.</summary>
    public required string Name { get; init; }

    /// <summary>Number type.</summary>
    public required SafetensorsDataType DataType { get; init; }

    /// <summary>Sizes, outermost first; empty for a scalar.</summary>
    public required IReadOnlyList<long> Shape { get; init; }

    /// <summary>First byte, counted from the start of the file's data (not of the file).</summary>
    public required long ByteOffset { get; init; }

    /// <summary>
    /// Length of the data in bytes: product of the sizes times the size of one value; with <see cref="Strides"/>, from the first value to the last.
    /// </summary>
    public required long ByteLength { get; init; }

    /// <summary>Number of values.</summary>
    public long ElementCount => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Values from one to the next in each dimension; null: the values follow each other, as they always do in a safetensors file.</summary>
    internal IReadOnlyList<long>? Strides { get; init; }
}
