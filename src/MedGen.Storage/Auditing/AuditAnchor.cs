using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MedGen.Storage.Auditing;

/// <summary>
/// The newest signed checkpoint in a file outside of the database, written after each record: a database whose end was cut off, or that was
/// replaced by an older one, has fewer records than the anchor says.
/// </summary>
internal sealed class AuditAnchor(DataFolder folder, IOptions<MedGenStorageOptions> options, ILogger<AuditAnchor> logger)
{
    public const string FileName = "audit-anchor.json";

    public const string Unfinished = FileName + ".new";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Strict) { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public string File { get; } = Path.GetFullPath(options.Value.AuditAnchorFile ?? Path.Combine(folder.Root, FileName));

    /// <summary>
    /// Reads the anchor. A place that cannot be read, such as another machine's disk, is no reason to stop: the check says that it is missing.
    /// </summary>
    /// <returns>The checkpoint; null: there is no file, it cannot be read, or it holds none (its signature then tells nothing).</returns>
    public AuditCheckpoint? Read()
    {
        try
        {
            return JsonSerializer.Deserialize<AuditCheckpoint>(System.IO.File.ReadAllBytes(File), Json);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes the anchor. Where that fails it stays behind, which is said in the log; the records themselves are safe.</summary>
    public void Write(AuditCheckpoint checkpoint)
    {
        try
        {
            string unfinished = File + ".new";
            using (FileStream file = new(unfinished, DataFolder.NewFile(FileMode.Create)))
            {
                JsonSerializer.Serialize(file, checkpoint, Json);
                file.Flush(flushToDisk: true);
            }

            System.IO.File.Move(unfinished, File, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.AnchorNotWritten(logger, checkpoint.Sequence, exception.GetType().Name);
        }
    }

    /// <summary>Puts an anchor that the database contradicts aside, as evidence.</summary>
    public void PutAside(DateTimeOffset now)
    {
        if (System.IO.File.Exists(File))
        {
            System.IO.File.Move(File, $"{File}.{now.UtcTicks}", overwrite: true);
        }
    }
}
