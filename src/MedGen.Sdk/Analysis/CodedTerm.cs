namespace MedGen.Sdk.Analysis;

/// <summary>A concept of a terminology, as DICOM and FHIR write it.</summary>
public sealed record CodedTerm
{
    /// <summary>Designator of the terminology as in DICOM PS3.16, for instance <c>SCT</c>, <c>DCM</c> or <c>LN</c>; 1 to 16 characters.</summary>
    public required string Scheme { get; init; }

    /// <summary>The code, 1 to 64 characters.</summary>
    public required string Code { get; init; }

    /// <summary>What it means, in English, 1 to 256 characters.</summary>
    public required string Meaning { get; init; }
}
