namespace MedGen.Sandbox;

/// <summary>What confines child processes on this machine.</summary>
public enum SandboxKind
{
    /// <summary>Namespaces, a system call filter and resource limits.</summary>
    Bubblewrap,

    /// <summary>Resource limits alone: the child has the files and the network of its user.</summary>
    ResourceLimits,
}
