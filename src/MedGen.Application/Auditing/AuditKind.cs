namespace MedGen.Application.Auditing;

/// <summary>What kind of thing an entry tells.</summary>
public enum AuditKind
{
    /// <summary>Something was made, changed or deleted, or somebody tried to.</summary>
    Change,

    /// <summary>Somebody looked at something, or tried to.</summary>
    Read,

    /// <summary>Somebody proved who they are, or failed to.</summary>
    Login,

    /// <summary>How the host works was changed, or its audit log was read, or somebody tried to.</summary>
    Administration,

    /// <summary>The platform did something of its own accord.</summary>
    System,
}
