using System.ComponentModel.DataAnnotations;
using MedGen.Application.Validation;

namespace MedGen.Application.Artifacts;

/// <summary>Which artifacts are meant, and which page of them.</summary>
public record ArtifactQuery
{
    /// <summary>Only artifacts of this caller; null: of anybody.</summary>
    [PlainName]
    public string? Owner { get; init; }

    /// <summary>Only artifacts of this tenant; null: of any. The handler sets it.</summary>
    public string? Tenant { get; init; }

    /// <summary>Only artifacts of this patient, by pseudonym; null: of any or none.</summary>
    [Identifier]
    public string? Patient { get; init; }

    /// <summary>Only artifacts that this job has made; null: any.</summary>
    [Identifier]
    public string? JobId { get; init; }

    /// <summary>Only artifacts of this kind; null: any.</summary>
    [EnumDataType(typeof(ArtifactKind))]
    public ArtifactKind? Kind { get; init; }

    /// <summary>Only artifacts that are (true) or are not (false) generated here; null: both.</summary>
    public bool? Synthetic { get; init; }

    /// <summary>Only artifacts stored at this time or later; null: any.</summary>
    public DateTimeOffset? CreatedFrom { get; init; }

    /// <summary>Only artifacts stored before this time; null: any.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>Largest number of artifacts in the page, 1 to 500.</summary>
    [Range(1, 500)]
    public int PageSize { get; init; } = 50;

    /// <summary><see cref="ArtifactPage.NextPageToken"/> of the page before; null: the first page.</summary>
    public string? PageToken { get; init; }
}
