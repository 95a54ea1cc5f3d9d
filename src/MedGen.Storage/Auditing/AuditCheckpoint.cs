using System.Globalization;
using System.Text;
using MedGen.Application.Signing;

namespace MedGen.Storage.Auditing;

/// <summary>The host's word that its audit log had a record with this hash at this place, and so all the records before it.</summary>
internal sealed record AuditCheckpoint
{
    /// <summary>Id of the data folder: a checkpoint of another folder says nothing here.</summary>
    public required string FolderId { get; init; }

    public required long Sequence { get; init; }

    /// <summary>Hash of the record.</summary>
    public required string Hash { get; init; }

    /// <summary>When it was signed.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Id of the host's key.</summary>
    public required string KeyId { get; init; }

    public string Signature { get; init; } = "";

    public static AuditCheckpoint Sign(IHostKey key, string folderId, long sequence, string hash, DateTimeOffset time)
    {
        AuditCheckpoint unsigned = new() { FolderId = folderId, Sequence = sequence, Hash = hash, Time = time, KeyId = key.Id };
        return unsigned with { Signature = key.Sign(unsigned.ToText()) };
    }

    public bool IsSignedBy(IHostKey key, string folderId) => FolderId == folderId && KeyId == key.Id && key.Verify(ToText(), Signature);

    private byte[] ToText() => Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"medgen-audit-checkpoint\n{FolderId}\n{Sequence}\n{Hash}\n{Time.UtcTicks}\n{KeyId}"));
}
