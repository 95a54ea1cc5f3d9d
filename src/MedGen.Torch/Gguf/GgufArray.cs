namespace MedGen.Torch.Gguf;

/// <summary>An array among the statements of a GGUF file.</summary>
/// <param name="ElementType">Its elements' type, for instance <c>INT32</c>.</param>
/// <param name="Count">Number of elements.</param>
/// <param name="Integers">The elements, if they are at most 64 whole numbers; null otherwise: longer arrays (vocabularies) are passed over.</param>
public sealed record GgufArray(string ElementType, long Count, IReadOnlyList<long>? Integers)
{
    /// <inheritdoc />
    public override string ToString() => Integers is null ? $"{Count} × {ElementType}" : $"[{string.Join(", ", Integers)}]";
}
