namespace MedGen.Torch.Safetensors;

/// <summary>What the JSON of a header says, checked.</summary>
internal sealed record SafetensorsHeaderContent
{
    public required IReadOnlyDictionary<string, SafetensorInfo> Tensors { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>Sum of all tensors' bytes, which lie in the data without gap or overlap.</summary>
    public required long DataLength { get; init; }
}
