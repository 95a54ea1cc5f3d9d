using System.Text.Json;
using MedGen.Sdk.Errors;

namespace MedGen.Storage.Maintenance;

/// <summary>The file that makes a folder a backup: it names every file with its hash, and is written last.</summary>
internal sealed record BackupManifest
{
    public const string FileName = "medgen-backup.json";

    private const string FormatName = "medgen-backup";
    private const int NewestVersion = 1;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
    };

    /// <summary>Always <c>medgen-backup</c>.</summary>
    public string Format { get; init; } = FormatName;

    /// <summary>Version of this layout.</summary>
    public int Version { get; init; } = NewestVersion;

    /// <summary>When the database was read.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Schema version of the database.</summary>
    public required int Schema { get; init; }

    /// <summary>Every file, the mark last.</summary>
    public required IReadOnlyList<BackupFile> Files { get; init; }

    /// <exception cref="InvalidInputException">The folder is no backup, or one that this program cannot read.</exception>
    public static BackupManifest Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            throw new InvalidInputException("backup", $"The folder '{folder}' is no whole backup: it has no '{FileName}'.");
        }

        BackupManifest manifest;
        try
        {
            manifest = JsonSerializer.Deserialize<BackupManifest>(File.ReadAllBytes(path), Json) ?? throw new JsonException("It is empty.");
        }
        catch (JsonException exception)
        {
            throw new InvalidInputException("backup", $"The file '{path}' cannot be read: {exception.Message}");
        }

        Violations violations = new();
        violations.OneOf("format", manifest.Format, FormatName);
        violations.Within<int>("version", manifest.Version, NewestVersion, NewestVersion);
        violations.Require(
            manifest.Files.All(file => IsInside(file.Path)), "files", $"a path leads out of the backup", $"paths below it, without '..'");
        violations.ThrowIfAny();
        return manifest;
    }

    public void Write(string folder)
    {
        using FileStream file = new(Path.Combine(folder, FileName), DataFolder.NewFile());
        JsonSerializer.Serialize(file, this, Json);
        file.Flush(flushToDisk: true);
    }

    private static bool IsInside(string path) =>
        path.Length > 0 && !Path.IsPathRooted(path) && path.Split('/', '\\').All(part => part is not ("" or "." or ".."));
}
