using System.Data.Common;
using MedGen.Storage.Database;

namespace MedGen.Storage.Auditing;

/// <summary>The signed checkpoints in the database.</summary>
internal static class AuditCheckpoints
{
    private const string Columns = "folder_id, sequence, hash, time_ticks, key_id, signature";

    /// <summary>All of them, in order.</summary>
    public static List<AuditCheckpoint> All(StoreSession session) =>
        session.Query($"SELECT {Columns} FROM audit_checkpoints ORDER BY sequence", Map);

    /// <summary>The one that stands for the records that were archived; null: none were.</summary>
    public static AuditCheckpoint? Base(StoreSession session) =>
        session.Query($"SELECT {Columns} FROM audit_checkpoints WHERE is_base ORDER BY sequence DESC LIMIT 1", Map).SingleOrDefault();

    public static void Add(StoreSession session, AuditCheckpoint checkpoint, bool isBase) => session.Execute(
        $"""
        INSERT INTO audit_checkpoints ({Columns}, is_base) VALUES (@folder, @sequence, @hash, @time, @key, @signature, @base)
        ON CONFLICT (sequence) DO UPDATE SET hash = excluded.hash, time_ticks = excluded.time_ticks, key_id = excluded.key_id,
            signature = excluded.signature, is_base = excluded.is_base
        """,
        ("@folder", checkpoint.FolderId),
        ("@sequence", checkpoint.Sequence),
        ("@hash", checkpoint.Hash),
        ("@time", checkpoint.Time.UtcTicks),
        ("@key", checkpoint.KeyId),
        ("@signature", checkpoint.Signature),
        ("@base", isBase));

    private static AuditCheckpoint Map(DbDataReader row) => new()
    {
        FolderId = row.GetString(0),
        Sequence = row.GetInt64(1),
        Hash = row.GetString(2),
        Time = new DateTimeOffset(row.GetInt64(3), TimeSpan.Zero),
        KeyId = row.GetString(4),
        Signature = row.GetString(5),
    };
}
