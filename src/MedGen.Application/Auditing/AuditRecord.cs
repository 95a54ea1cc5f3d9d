using System.Security.Cryptography;
using System.Text.Json;

namespace MedGen.Application.Auditing;

/// <summary>An entry as it stands in the log, chained to the one before it.</summary>
public sealed record AuditRecord
{
    /// <summary>Position in the log: 1, 2, 3, …</summary>
    public required long Sequence { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What it says.</summary>
    public required AuditEntry Entry { get; init; }

    /// <summary>Hash of the record before; 64 zeros for the first.</summary>
    public required string PreviousHash { get; init; }

    /// <summary>SHA-256 over everything above, lower-case hex.</summary>
    public required string Hash { get; init; }

    /// <summary>Previous hash of the first record.</summary>
    public static string Genesis { get; } = new('0', 64);

    /// <summary>What the hash must be.</summary>
    /// <param name="sequence">Position in the log.</param>
    /// <param name="time">When it was written.</param>
    /// <param name="entry">What it says.</param>
    /// <param name="previousHash">Hash of the record before.</param>
    /// <returns>64 lower-case hex digits.</returns>
    public static string ComputeHash(long sequence, DateTimeOffset time, AuditEntry entry, string previousHash)
    {
        ArgumentNullException.ThrowIfNull(entry);

        // A JSON array keeps the fields apart: no two different records have the same text.
        byte[] text = JsonSerializer.SerializeToUtf8Bytes(
            new object[] { sequence, time.UtcTicks, entry.Caller, entry.Action, entry.Subject, entry.Outcome, previousHash });
        return Convert.ToHexStringLower(SHA256.HashData(text));
    }
}
