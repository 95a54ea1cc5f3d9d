using System.Text.Json;
using System.Text.Json.Serialization;
using MedGen.Sdk.Errors;
using MedGen.Storage.Disks;

namespace MedGen.Storage.Opening;

/// <summary>
/// The file that says that a folder is a data folder: only in such a folder is anything ever deleted. It is written whole, so a crash leaves either
/// none, in a folder that is otherwise empty or holds a database, or this one.
/// </summary>
internal sealed record FolderMark
{
    public const string FileName = "medgen-data.json";

    public const string Postgres = "postgresql";

    public const string Cluster = "cluster";

    private const string FormatName = "medgen-data-folder";
    private const string Unfinished = FileName + ".new";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
    };

    /// <summary>Always <c>medgen-data-folder</c>.</summary>
    public required string Format { get; init; }

    /// <summary>Random: 32 lower-case hex digits. A copy of the folder has the same.</summary>
    public required string Id { get; init; }

    /// <summary>Schema version to which the database has been brought; 0: the database is about to be made.</summary>
    public required int Schema { get; init; }

    /// <summary><c>postgresql</c>; <c>cluster</c>: that of a cluster; null: SQLite, in the folder.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Database { get; init; }

    /// <summary>
    /// What may lie in a folder that counts as empty: what a crash before the mark leaves, and what mkfs puts into a new file system.
    /// </summary>
    public static IReadOnlySet<string> BesideNothing { get; } = new HashSet<string>(
        StringComparer.Ordinal) { DataPaths.LockName, Unfinished, "lost+found" };

    public static FolderMark New(string? database = null) =>
        new() { Format = FormatName, Id = Guid.NewGuid().ToString("N"), Schema = 0, Database = database };

    /// <summary>What the mark of a folder says whose host has these options.</summary>
    public static string? DatabaseOf(MedGenStorageOptions options) =>
        options.Database is null ? null : options.ClusterHost is null ? Postgres : Cluster;

    /// <summary>Reads a folder's mark.</summary>
    /// <returns>The mark; null: there is none.</returns>
    /// <exception cref="FailedPreconditionException">It is there, and cannot be read.</exception>
    public static FolderMark? Find(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<FolderMark>(File.ReadAllBytes(path), Json) is { Format: FormatName } mark
                ? mark
                : throw new JsonException($"'format' is not '{FormatName}'.");
        }
        catch (JsonException exception)
        {
            throw new FailedPreconditionException(
                "DATA_FOLDER_MARK_BROKEN",
                $"The file '{path}', which marks a data folder, is broken: {exception.Message} Put back a copy of it, or name another data folder. "
                    + "Nothing was changed.",
                exception);
        }
    }

    /// <summary>Whether a folder's mark says that its records are in PostgreSQL; a mark that is missing or broken does not.</summary>
    public static bool IsOfPostgres(string folder)
    {
        try
        {
            return Find(folder)?.Database is not null;
        }
        catch (FailedPreconditionException)
        {
            return false;
        }
    }

    public void Write(string folder)
    {
        string temporary = Path.Combine(folder, Unfinished);
        using (FileStream file = new(temporary, DataFolder.NewFile(FileMode.Create)))
        {
            JsonSerializer.Serialize(file, this, Json);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, Path.Combine(folder, FileName), overwrite: true);
        DurableNames.Flush(folder);
    }
}
