namespace MedGen.Storage;

/// <summary>
/// Where things lie in a data folder: its mark <c>medgen-data.json</c>, <c>medgen.db</c>, <c>artifacts/ab/cd/&lt;sha256&gt;</c>,
/// <c>checkpoints/&lt;job&gt;.safetensors</c>, <c>work/</c> for files in the making, <c>jobs/</c> for what running jobs keep, <c>quarantine/</c>.
/// </summary>
/// <param name="root">Full path of the folder.</param>
internal class DataPaths(string root)
{
    public const string LockName = "medgen.lock";

    public string Root { get; } = root;

    public string DatabaseFile => Path.Combine(Root, "medgen.db");

    public string LockFile => Path.Combine(Root, LockName);

    /// <summary>Bytes that are given up when the disk is full.</summary>
    public string ReserveFile => Path.Combine(Root, "medgen.reserve");

    public string Artifacts => Path.Combine(Root, "artifacts");

    public string Checkpoints => Path.Combine(Root, "checkpoints");

    public string Work => Path.Combine(Root, "work");

    /// <summary>What running jobs keep over a restart, a folder each.</summary>
    public string Jobs => Path.Combine(Root, "jobs");

    /// <summary>What was moved out of the way instead of being deleted.</summary>
    public string Quarantine => Path.Combine(Root, "quarantine");

    /// <summary>The database with what SQLite keeps beside it; not all of them need be there.</summary>
    public IReadOnlyList<string> DatabaseFiles => [DatabaseFile, DatabaseFile + "-wal", DatabaseFile + "-shm"];

    public string ContentFile(string sha256) => Path.Combine(Artifacts, sha256[..2], sha256[2..4], sha256);
}
