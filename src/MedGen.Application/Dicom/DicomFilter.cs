using MedGen.Application.Access;

namespace MedGen.Application.Dicom;

/// <summary>Which instances are meant.</summary>
public sealed record DicomFilter
{
    /// <summary>What the caller may see; null: everything.</summary>
    public ItemView? View { get; init; }

    /// <summary>Only of this owner; null: of anybody.</summary>
    public string? Owner { get; init; }

    /// <summary>Only of this tenant; null: of any.</summary>
    public string? Tenant { get; init; }

    /// <summary>Study Instance UID; null: any.</summary>
    public string? Study { get; init; }

    /// <summary>Series Instance UID; null: any.</summary>
    public string? Series { get; init; }

    /// <summary>SOP Instance UID; null: any.</summary>
    public string? Instance { get; init; }

    /// <summary>Id of the artifact; null: any.</summary>
    public string? ArtifactId { get; init; }
}
