namespace MedGen.Sandbox;

/// <summary>A program to run and all that it may touch. System libraries are always readable.</summary>
public sealed record SandboxedCommand
{
    /// <summary>Full path of the program.</summary>
    public required string Program { get; init; }

    /// <summary>Its arguments.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Full paths of files and folders that it may read; they must exist.</summary>
    public IReadOnlyList<string> Readable { get; init; } = [];

    /// <summary>Full paths of files that it may write, and of folders that it may write in; they must exist.</summary>
    public IReadOnlyList<string> Writable { get; init; } = [];

    /// <summary>Environment variables beside <c>PATH</c>; no others are passed on.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Whether it needs /proc, with its own processes in it (.NET does; decoders do not). Where none can be mounted it is held by resource limits
    /// alone.
    /// </summary>
    public bool NeedsProc { get; init; }

    /// <summary>Whether it speaks with other machines: it may open sockets then, and sees the network of this one.</summary>
    public bool NeedsNetwork { get; init; }

    /// <summary>What it may use.</summary>
    public required SandboxLimits Limits { get; init; }
}
