namespace MedGen.Storage.Maintenance;

/// <summary>What a repair does.</summary>
public enum RepairActionKind
{
    /// <summary>A file went to quarantine.</summary>
    MovedToQuarantine,

    /// <summary>A file of the backup took its place.</summary>
    PutBack,

    /// <summary>The folder was marked anew.</summary>
    Marked,
}
