namespace MedGen.Sandbox;

/// <summary>What is in force, and why nothing stricter is.</summary>
public sealed record SandboxReport
{
    /// <summary>What confines child processes.</summary>
    public required SandboxKind Kind { get; init; }

    /// <summary>What it does, in one phrase.</summary>
    public required string Message { get; init; }

    /// <summary>Why bubblewrap is not in force; null where it is, or was not asked for.</summary>
    public string? Reason { get; init; }

    /// <summary>Why programs that need <c>/proc</c>, such as plugins' processes, have limits only; null: they are confined as the others.</summary>
    public string? ReasonWithProc { get; init; }
}
