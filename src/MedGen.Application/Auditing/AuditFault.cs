namespace MedGen.Application.Auditing;

/// <summary>Something that is wrong with the audit log.</summary>
/// <param name="Sequence">The first record that it concerns.</param>
/// <param name="Reason">
/// <c>RECORD_CHANGED</c>, <c>RECORDS_MISSING</c>, <c>TAIL_CUT</c>, <c>CHECKPOINT_MISMATCH</c>, <c>SIGNATURE_INVALID</c>, <c>ANCHOR_MISSING</c>
/// or <c>ARCHIVE_UNREADABLE</c>.
/// </param>
/// <param name="Message">What was found, in a sentence.</param>
public sealed record AuditFault(long Sequence, string Reason, string Message);
