using System.Security.Cryptography;
using System.Text.Json;

namespace MedGen.Application.Auditing;

/// <summary>An entry as it stands in the log, chained to the one before it.</summary>
public sealed record AuditRecord
{
    /// <summary>Version of the form that is written today; 1 had no kind, tenant, address and count.</summary>
    public const int CurrentVersion = 2;

    /// <summary>Position in the log: 1, 2, 3, …</summary>
    public required long Sequence { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What it says.</summary>
    public required AuditEntry Entry { get; init; }

    /// <summary>Which of its fields the hash covers: those of this version.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>Hash of the record before; 64 zeros for the first.</summary>
    public required string PreviousHash { get; init; }

    /// <summary>SHA-256 over everything above, lower-case hex.</summary>
    public string Hash { get; init; } = "";

    /// <summary>Previous hash of the first record.</summary>
    public static string Genesis { get; } = new('0', 64);

    /// <summary>What the hash must be.</summary>
    /// <returns>64 lower-case hex digits.</returns>
    public string ComputeHash()
    {
        // A JSON array keeps the fields apart: no two different records have the same text.
        object[] fields = Version == 1
            ? [Sequence, Time.UtcTicks, Entry.Caller, Entry.Action, Entry.Subject, Entry.Outcome, PreviousHash]
            :
            [
                Version, Sequence, Time.UtcTicks, Entry.Caller, Entry.Action, Entry.Subject, Entry.Outcome,
                Entry.Kind.ToString(), Entry.Tenant, Entry.Address, Entry.Count, PreviousHash,
            ];
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(fields)));
    }
}
