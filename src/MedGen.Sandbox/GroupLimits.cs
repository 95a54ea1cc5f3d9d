namespace MedGen.Sandbox;

/// <summary>What a child process and its descendants may use together; the kernel counts it in a <see cref="ControlGroup"/>.</summary>
public sealed record GroupLimits
{
    /// <summary>Resident memory in bytes, page cache of their own included; beyond it the kernel ends one of them.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Processes and threads; no more can be started.</summary>
    public int Tasks { get; init; } = 1024;

    /// <summary>Processors that they may keep busy, for instance 1.5; 0 (default): all.</summary>
    public double Processors { get; init; }
}
