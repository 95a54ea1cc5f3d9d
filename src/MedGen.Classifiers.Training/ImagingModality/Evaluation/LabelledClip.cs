namespace MedGen.Classifiers.Training.ImagingModality.Evaluation;

/// <summary>A clip, still or DICOM file whose modality is known.</summary>
public sealed record LabelledClip
{
    /// <summary>Path in its folder, as the folder's own listing has it.</summary>
    public required string Name { get; init; }

    /// <summary>Full path.</summary>
    public required string FullPath { get; init; }

    /// <summary>DICOM modality code.</summary>
    public required string ModalityCode { get; init; }

    /// <summary>Patient, volume or recording; the file itself where none is stated.</summary>
    public required string Group { get; init; }

    /// <summary>What the classifier should answer: the code, CR and DX under one name.</summary>
    public string Label => ModalityLabels.Of(ModalityCode);
}
