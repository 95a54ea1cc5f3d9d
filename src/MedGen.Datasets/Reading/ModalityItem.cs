namespace MedGen.Datasets.Reading;

/// <summary>One line of a manifest.</summary>
public sealed record ModalityItem
{
    /// <summary>Path relative to the manifest's folder.</summary>
    public required string Path { get; init; }

    /// <summary>
    /// DICOM modality code of the source, as in attribute (0008,0060); <see cref="ModalityManifest.NoModality"/> for everyday pictures.
    /// </summary>
    public required string ModalityCode { get; init; }

    /// <summary><c>video</c>, <c>image</c> or <c>dicom</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Number of frames, at least 1.</summary>
    public required int Frames { get; init; }

    /// <summary>Public repository, package or archive: the manifest's source up to its first comma.</summary>
    public required string Source { get; init; }

    /// <summary>Patient, volume or recording; never split over training and test.</summary>
    public required string GroupId { get; init; }

    /// <summary>Licence as the manifest states it; empty where it states none.</summary>
    public string Licence { get; init; } = "";
}
