namespace MedGen.Cli.Dicom;

/// <summary>What a run of de-identification did.</summary>
/// <param name="Folder">Where the copies are.</param>
/// <param name="Studies">By study.</param>
/// <param name="Refused">Why files were not written, in words that name them; not in the report, since names of files can tell who a patient
/// is.</param>
internal sealed record DeidentificationSummary(string Folder, IReadOnlyList<DeidentifiedStudy> Studies, IReadOnlyList<string> Refused);
