namespace MedGen.Runtime.Health;

/// <summary>Whether the device still works.</summary>
public sealed record DeviceHealth
{
    /// <summary>False after a device fault, which only a new process cures.</summary>
    public required bool IsHealthy { get; init; }

    /// <summary>One sentence for people.</summary>
    public required string Message { get; init; }
}
