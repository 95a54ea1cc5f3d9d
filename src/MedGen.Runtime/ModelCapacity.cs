using MedGen.Sdk.Models;

namespace MedGen.Runtime;

/// <summary>What the resident model has room for, at one moment.</summary>
public sealed record ModelCapacity
{
    /// <summary>The model.</summary>
    public required ModelDescription Model { get; init; }

    /// <summary>Bytes beside the weights: the most that one clip can take.</summary>
    public required long RoomBytes { get; init; }

    /// <summary>Bytes of these that nothing takes now.</summary>
    public required long FreeBytes { get; init; }

    /// <summary>Predicted seconds of a denoising step, with guidance, of the model's default clip; null: none has been measured.</summary>
    public double? StepSeconds { get; init; }

    /// <summary>Names of the adapters on the device, in order.</summary>
    public IReadOnlyList<string> WarmAdapters { get; init; } = [];
}
