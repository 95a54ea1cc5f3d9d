using MedGen.Application.Access;

namespace MedGen.Application.Dicom;

/// <summary>A study of a caller that rules look at, and how far it has come.</summary>
public sealed record DicomStudy : IOwned
{
    /// <summary>Id given by the host, for the audit log: it tells nothing of the patient.</summary>
    public required string Id { get; init; }

    /// <summary>Study Instance UID.</summary>
    public required string Study { get; init; }

    /// <summary>Name of the caller who sent it.</summary>
    public required string Owner { get; init; }

    /// <summary>The caller's tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>The roles that the caller had when it sent the last instance: what is done with the study needs them.</summary>
    public required IReadOnlyList<Role> Roles { get; init; }

    /// <summary>How far it has come.</summary>
    public DicomStudyState State { get; init; }

    /// <summary>When the first instance came.</summary>
    public required DateTimeOffset FirstReceivedAt { get; init; }

    /// <summary>When the last one came.</summary>
    public required DateTimeOffset LastReceivedAt { get; init; }

    /// <summary>When it is looked at next; null: never, it has ended.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>What the rules ask for.</summary>
    public IReadOnlyList<DicomTask> Tasks { get; init; } = [];

    /// <summary>Counts changes, so that none is lost between two writers.</summary>
    public long Revision { get; init; }

    string IOwned.Item => $"dicom-study:{Id}";
}
