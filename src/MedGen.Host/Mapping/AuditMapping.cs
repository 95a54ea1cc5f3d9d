using Google.Protobuf.WellKnownTypes;
using MedGen.Application.Auditing;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Mapping;

internal static class AuditMapping
{
    public static AuditKind? ToMessage(this Proto.AuditKind kind) => kind == Proto.AuditKind.Unspecified ? null
        : System.Enum.TryParse(kind.ToString(), out AuditKind known) ? known : (AuditKind)(-1);

    public static Proto.AuditRecord ToProto(this AuditRecord record) => new()
    {
        Sequence = record.Sequence,
        Time = Timestamp.FromDateTimeOffset(record.Time),
        Caller = record.Entry.Caller,
        Tenant = record.Entry.Tenant,
        Address = record.Entry.Address,
        Kind = Namesakes<AuditKind, Proto.AuditKind>.Of(record.Entry.Kind),
        Action = record.Entry.Action,
        Subject = record.Entry.Subject,
        Outcome = record.Entry.Outcome,
        Count = record.Entry.Count,
        PreviousHash = record.PreviousHash,
        Hash = record.Hash,
        Version = record.Version,
    };

    public static Proto.VerifyAuditResponse ToProto(this AuditVerification verification) => new()
    {
        Whole = verification.IsWhole,
        Records = verification.Records,
        ArchivedRecords = verification.ArchivedRecords,
        LastSequence = verification.LastSequence,
        LastHash = verification.LastHash,
        Checkpoints = verification.Checkpoints,
        Faults =
        {
            verification.Faults.Select(fault => new Proto.AuditFault { Sequence = fault.Sequence, Reason = fault.Reason, Message = fault.Message }),
        },
    };
}
