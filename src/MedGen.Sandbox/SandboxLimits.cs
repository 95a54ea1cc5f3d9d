namespace MedGen.Sandbox;

/// <summary>What one child process may use; the kernel holds it to that.</summary>
public sealed record SandboxLimits
{
    /// <summary>Address space in bytes; an allocation beyond it fails.</summary>
    public required long AddressSpaceBytes { get; init; }

    /// <summary>Seconds of CPU time over all threads; then the process is ended.</summary>
    public required int CpuSeconds { get; init; }

    /// <summary>Largest file that it may write, in bytes; 0 (default): none. Pipes do not count.</summary>
    public long FileBytes { get; init; }
}
