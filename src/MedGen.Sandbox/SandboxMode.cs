namespace MedGen.Sandbox;

/// <summary>How strictly child processes are confined.</summary>
public enum SandboxMode
{
    /// <summary>By bubblewrap where it is installed and allowed, else by resource limits.</summary>
    Auto,

    /// <summary>By bubblewrap; where that is not possible no child process is started.</summary>
    Required,

    /// <summary>By resource limits alone.</summary>
    Limits,
}
