using static TorchSharp.torch;

namespace MedGen.Torch.Weights;

/// <summary>One weight as its file describes it.</summary>
public sealed record WeightInfo
{
    /// <summary>Name in the file.</summary>
    public required string Name { get; init; }

    /// <summary>Sizes, outermost first; empty for a scalar.</summary>
    public required IReadOnlyList<long> Shape { get; init; }

    /// <summary>How it is stored, for people: <c>BF16</c>, <c>F8_E4M3 scaled</c>, <c>Q4_K</c>.</summary>
    public required string Form { get; init; }

    /// <summary>Bytes that it takes in the file, its scale among them.</summary>
    public required long ByteLength { get; init; }

    /// <summary>Number type of its values; null: codes, of which the values are made.</summary>
    public required ScalarType? NumberType { get; init; }

    /// <summary>Whether it is stored in codes.</summary>
    public bool IsQuantized => NumberType is null;

    /// <summary>Number of values.</summary>
    public long ElementCount => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>A weight of this shape without values (torch's meta device), for measuring what a part would take.</summary>
    /// <returns>The weight.</returns>
    public StoredWeight WithoutValues() => NumberType is { } type ? empty([.. Shape], type, META) : new AbsentWeight(this);
}
