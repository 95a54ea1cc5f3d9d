using MedGen.Application.Access;

namespace MedGen.Application.Dicom;

/// <summary>An instance on its way to an archive. It stays here until the archive lists it, or refuses it for good.</summary>
public sealed record DicomDelivery : IOwned
{
    /// <summary>Id given by the host.</summary>
    public required string Id { get; init; }

    /// <summary>Name of the caller whose instance it is.</summary>
    public required string Owner { get; init; }

    /// <summary>The caller's tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>Name of the archive, as the rules file has it.</summary>
    public required string Archive { get; init; }

    /// <summary>The artifact.</summary>
    public required string ArtifactId { get; init; }

    /// <summary>Study Instance UID.</summary>
    public required string Study { get; init; }

    /// <summary>SOP Instance UID.</summary>
    public required string Instance { get; init; }

    /// <summary>How far it has come.</summary>
    public DicomDeliveryState State { get; init; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>Reason code of the last failure; null: none.</summary>
    public string? Failure { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it is tried next; null: never, it has ended.</summary>
    public DateTimeOffset? DueAt { get; init; }

    string IOwned.Item => $"dicom-delivery:{Id}";
}
