using System.Globalization;
using System.Text.Json;
using MedGen.Application.Auditing;
using MedGen.Application.Jobs;
using MedGen.Application.Signing;

namespace MedGen.Storage.Auditing;

/// <summary>
/// Reads the archive files that are there, oldest first, and compares each with its name, its chain and the signed checkpoint in its last line, and
/// with the file before it. Files that somebody has moved away are no fault.
/// </summary>
internal sealed class ArchiveVerifier(string folder, IHostKey key, string folderId)
{
    private long _last;

    // Of the records in the archives; later ones are still in the database, because a crash came between the file and the removal.
    private long _lastMoved;

    // Of the last record that was read; null: the file before is damaged, and what it ended with is not known.
    private string? _hash = AuditRecord.Genesis;

    /// <summary>Records that are in archives alone, each counted once.</summary>
    public long Records { get; private set; }

    /// <summary>Everything that is wrong.</summary>
    public List<AuditFault> Faults { get; } = [];

    /// <param name="archived">The checkpoint that the log in the database goes on from; null: nothing was archived.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public void Verify(AuditCheckpoint? archived, CancellationToken cancellationToken)
    {
        _lastMoved = archived?.Sequence ?? 0;
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.jsonl") : [];
        foreach (string path in files.Order(StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            string name = Path.GetFileNameWithoutExtension(path);
            if (!TryParse(name, out long first, out long last))
            {
                Faults.Add(new AuditFault(_last + 1, "ARCHIVE_UNREADABLE", $"{name}.jsonl has no name of an archive, FIRST-LAST.jsonl."));
                continue;
            }

            Check(path, first, last, cancellationToken);
        }

        // The newest archive is what the records in the database were chained to.
        if (archived is not null && _last == archived.Sequence && _hash is not null && _hash != archived.Hash)
        {
            Faults.Add(new AuditFault(_last, "CHECKPOINT_MISMATCH", "The newest archive does not end with the record that the log goes on from."));
        }
    }

    private static bool TryParse(string name, out long first, out long last)
    {
        string[] parts = name.Split('-');
        last = 0;
        return long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out first)
            && parts.Length == 2 && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out last) && first > 0 && first <= last;
    }

    private void Check(string path, long first, long last, CancellationToken cancellationToken)
    {
        string file = Path.GetFileName(path);
        long next = first;
        int faults = Faults.Count;

        // Without the file before it, the first record's own word has to do.
        string? previous = first == _last + 1 ? _hash : null;
        AuditCheckpoint? checkpoint = null;
        try
        {
            foreach (string line in File.ReadLines(path))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (next > last)
                {
                    checkpoint = checkpoint is null
                        ? JsonSerializer.Deserialize<AuditCheckpoint>(line, JobJson.Options)
                        : throw new JsonException("there is more behind the checkpoint");
                    continue;
                }

                AuditRecord record = JsonSerializer.Deserialize<AuditRecord>(line, JobJson.Options) ?? throw new JsonException("null");
                if (record.Sequence != next || record.PreviousHash != (previous ?? record.PreviousHash) || record.Hash != record.ComputeHash())
                {
                    Faults.Add(new AuditFault(next, "RECORD_CHANGED", $"{file}: the record, or the one before it, is not as it was written."));
                    break;
                }

                Records += next > _last && next <= _lastMoved ? 1 : 0;
                (previous, next) = (record.Hash, next + 1);
            }

            if (next > last)
            {
                CheckEnd(file, checkpoint, last, previous!);
            }
            else if (Faults.Count == faults)
            {
                Faults.Add(new AuditFault(next, "TAIL_CUT", $"{file} ends before record {next}."));
            }
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            Faults.Add(new AuditFault(next, "ARCHIVE_UNREADABLE", $"{file} cannot be read from record {next} on."));
        }

        (_last, _hash) = (last, Faults.Count == faults ? previous : null);
    }

    private void CheckEnd(string file, AuditCheckpoint? checkpoint, long last, string hash)
    {
        if (checkpoint is null)
        {
            Faults.Add(new AuditFault(last, "TAIL_CUT", $"{file} has no signed checkpoint in its last line."));
        }
        else if (!checkpoint.IsSignedBy(key, folderId))
        {
            Faults.Add(new AuditFault(last, "SIGNATURE_INVALID", $"{file}: the checkpoint is not signed by this host's key for this data folder."));
        }
        else if (checkpoint.Sequence != last || checkpoint.Hash != hash)
        {
            Faults.Add(new AuditFault(last, "CHECKPOINT_MISMATCH", $"{file}: the last record is not the one that the signed checkpoint names."));
        }
    }
}
