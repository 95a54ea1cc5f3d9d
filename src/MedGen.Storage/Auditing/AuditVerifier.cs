using System.Globalization;
using MedGen.Application.Auditing;
using MedGen.Application.Signing;
using MedGen.Storage.Database;

namespace MedGen.Storage.Auditing;

/// <summary>
/// Reads the archives and the audit log once from the beginning and compares them with their chain, the signed checkpoints and the anchor.
/// </summary>
internal sealed class AuditVerifier(StoreSession session, AuditAnchor anchor, IHostKey key, string folderId, string archives)
{
    /// <summary>Action of the record that a start writes when it finds the log damaged.</summary>
    public const string BrokenAction = "AuditBroken";

    // More tell nothing new.
    private const int MostFaults = 100;

    private readonly List<AuditFault> _faults = [];

    public AuditVerification Verify(CancellationToken cancellationToken)
    {
        List<AuditCheckpoint> checkpoints = AuditCheckpoints.All(session);
        if (anchor.Read() is { } newest)
        {
            checkpoints.Add(newest);
        }

        ILookup<long, AuditCheckpoint> bySequence = checkpoints.ToLookup(checkpoint => checkpoint.Sequence);
        AuditCheckpoint? archived = AuditCheckpoints.Base(session);
        long last = archived?.Sequence ?? 0;
        string previous = archived?.Hash ?? AuditRecord.Genesis;
        long count = 0;
        foreach (AuditRecord record in Records(last, cancellationToken))
        {
            count++;
            CheckRecord(record, last, previous);
            foreach (AuditCheckpoint checkpoint in bySequence[record.Sequence].Where(checkpoint => checkpoint.Hash != record.Hash))
            {
                Add(checkpoint.Sequence, "CHECKPOINT_MISMATCH", "The record is not the one that the signed checkpoint names.");
            }

            (last, previous) = (record.Sequence, record.Hash);
        }

        CheckCheckpoints(checkpoints, last);
        ArchiveVerifier archive = new(archives, key, folderId);
        archive.Verify(archived, cancellationToken);
        return new AuditVerification
        {
            Records = count,
            ArchivedRecords = archive.Records,
            LastSequence = last,
            LastHash = previous,
            Checkpoints = checkpoints.Count,
            Faults = [.. archive.Faults.Concat(_faults).OrderBy(fault => fault.Sequence).Take(MostFaults)],
        };
    }

    private void CheckRecord(AuditRecord record, long last, string previous)
    {
        if (record.Sequence != last + 1)
        {
            Add(last + 1, "RECORDS_MISSING", Invariant($"Records {last + 1} to {record.Sequence - 1} are missing."));
        }
        else if (record.PreviousHash != previous || record.Hash != record.ComputeHash())
        {
            Add(record.Sequence, "RECORD_CHANGED", "The record, or the one before it, is not as it was written.");
        }

        if (record.Entry is { Action: BrokenAction } broken)
        {
            Add(record.Sequence, broken.Outcome, $"A start found the log damaged ({broken.Subject}) and wrote so.");
        }
    }

    private void CheckCheckpoints(List<AuditCheckpoint> checkpoints, long last)
    {
        foreach (AuditCheckpoint checkpoint in checkpoints)
        {
            if (!checkpoint.IsSignedBy(key, folderId))
            {
                Add(checkpoint.Sequence, "SIGNATURE_INVALID", "A checkpoint is not signed by this host's key for this data folder.");
            }
            else if (checkpoint.Sequence > last)
            {
                Add(last + 1, "TAIL_CUT", Invariant($"The log ends at record {last}, and a signed checkpoint names record {checkpoint.Sequence}."));
            }
        }

        if (last > 0 && anchor.Read() is null && session.Scalar<long>("SELECT count(*) FROM audit WHERE version > 1") > 0)
        {
            Add(last, "ANCHOR_MISSING", "The anchor file is missing or cannot be read, so records may have been cut off at the end.");
        }
    }

    private IEnumerable<AuditRecord> Records(long after, CancellationToken cancellationToken)
    {
        AuditQuery query = new() { AfterSequence = after, PageSize = 1000 };
        while (AuditLog.Read(session, query) is { Count: > 0 } batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (AuditRecord record in batch)
            {
                yield return record;
            }

            query = query with { AfterSequence = batch[^1].Sequence };
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void Add(long sequence, string reason, string message)
    {
        if (_faults.Count < MostFaults && !_faults.Any(fault => fault.Sequence == sequence && fault.Reason == reason))
        {
            _faults.Add(new AuditFault(sequence, reason, message));
        }
    }
}
