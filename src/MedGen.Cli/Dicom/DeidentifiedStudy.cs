namespace MedGen.Cli.Dicom;

/// <summary>What was done with the objects of a study.</summary>
/// <param name="Study">Its new Study Instance UID.</param>
/// <param name="Objects">Number of objects.</param>
/// <param name="Elements">Number of elements by what was done.</param>
/// <param name="BlankedPixels">Most blanked pixels of a frame.</param>
/// <param name="Flags">What somebody has to look at, each with the new instance that it is about.</param>
internal sealed record DeidentifiedStudy(
    string Study, int Objects, IReadOnlyDictionary<string, int> Elements, long BlankedPixels, IReadOnlyList<string> Flags);
