namespace MedGen.Storage.Maintenance;

/// <summary>What can be wrong with a data folder.</summary>
public enum StoreFindingKind
{
    /// <summary>The mark <c>medgen-data.json</c> is missing or cannot be read.</summary>
    MarkBroken,

    /// <summary>The database is not there.</summary>
    DatabaseMissing,

    /// <summary>SQLite finds the database damaged.</summary>
    DatabaseDamaged,

    /// <summary>A row names another one that is not there.</summary>
    RecordBroken,

    /// <summary>A job's event log has a gap, or ends elsewhere than its record says.</summary>
    JobLogBroken,

    /// <summary>An artifact's content is not there.</summary>
    ContentMissing,

    /// <summary>An artifact's content is not what was stored.</summary>
    ContentDamaged,

    /// <summary>A file that the store made has no record, although no crash leaves one.</summary>
    FileWithoutRecord,
}
