namespace MedGen.Torch.Gguf;

/// <summary>One tensor as the header describes it.</summary>
public sealed record GgufTensorInfo
{
    /// <summary>Name, unique in its file.</summary>
    public required string Name { get; init; }

    /// <summary>How its values are stored.</summary>
    public required GgufType Type { get; init; }

    /// <summary>Sizes, outermost first (the file states them the other way round); 1 to 5 of them.</summary>
    public required IReadOnlyList<long> Shape { get; init; }

    /// <summary>First byte, counted from the start of the file's data (not of the file); a multiple of the file's alignment.</summary>
    public required long ByteOffset { get; init; }

    /// <summary>Length of the data in bytes.</summary>
    public required long ByteLength { get; init; }

    /// <summary>Number of values.</summary>
    public long ElementCount => Shape.Aggregate(1L, (product, size) => product * size);
}
