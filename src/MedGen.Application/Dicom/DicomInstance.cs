using MedGen.Application.Access;
using MedGen.Application.Artifacts;
using MedGen.Dicom.Web;
using MedGen.Dicom.Writing;

namespace MedGen.Application.Dicom;

/// <summary>An artifact that is a DICOM instance, as far as it is needed to find it.</summary>
public sealed record DicomInstance : IOwned
{
    /// <summary>Id of the artifact.</summary>
    public required string ArtifactId { get; init; }

    /// <summary>The artifact's owner.</summary>
    public required string Owner { get; init; }

    /// <summary>The owner's tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>Study, series, class and instance; null: the artifact cannot be read as DICOM.</summary>
    public SourceObject? Identity { get; init; }

    /// <summary>UID of the transfer syntax.</summary>
    public string TransferSyntax { get; init; } = "";

    /// <summary>Application entity that sent it; empty: not known.</summary>
    public string SourceAe { get; init; } = "";

    /// <summary>Attributes for queries, as an object of the DICOM JSON model.</summary>
    public string Attributes { get; init; } = "{}";

    /// <summary>Whether this platform has made it of others: no rule looks at it.</summary>
    public bool IsResult { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset StoredAt { get; init; }

    string IOwned.Item => $"artifact:{ArtifactId}";

    /// <summary>That of an artifact.</summary>
    /// <param name="artifact">The artifact.</param>
    /// <param name="header">What its content says; null: it cannot be read.</param>
    /// <returns>The instance.</returns>
    public static DicomInstance Of(Artifact artifact, InstanceHeader? header)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        return new DicomInstance
        {
            ArtifactId = artifact.Id,
            Owner = artifact.Owner,
            Tenant = artifact.Tenant,
            Identity = header?.Identity,
            TransferSyntax = header?.TransferSyntax ?? "",
            SourceAe = header?.SourceAe ?? "",
            Attributes = header?.Attributes ?? "{}",
            StoredAt = artifact.CreatedAt,
        };
    }
}
