namespace MedGen.Training.Clips;

/// <summary>Captions of real clips that come with columns instead of sentences. Nothing is said that the columns do not say.</summary>
internal static class CaptionTemplate
{
    private static readonly Dictionary<string, string> Modalities = new(StringComparer.Ordinal)
    {
        ["CR"] = "Radiography", ["DX"] = "Radiography", ["CT"] = "Computed tomography", ["ES"] = "Endoscopy", ["GM"] = "Microscopy",
        ["MG"] = "Mammography",
        ["MR"] = "Magnetic resonance imaging", ["NM"] = "Nuclear medicine", ["OP"] = "Ophthalmic photography",
        ["OPT"] = "Optical coherence tomography",
        ["PT"] = "Positron emission tomography", ["SM"] = "Slide microscopy", ["US"] = "Ultrasound", ["XA"] = "X-ray angiography",
    };

    /// <summary>One sentence.</summary>
    /// <param name="modality">DICOM defined term.</param>
    /// <param name="shows">What is shown; may be empty.</param>
    public static string Brief(string modality, string shows) => shows.Length > 0 ? $"{Name(modality)}: {shows}." : $"{Name(modality)}.";

    /// <summary>Two sentences.</summary>
    /// <param name="modality">DICOM defined term.</param>
    /// <param name="shows">What is shown; may be empty.</param>
    /// <param name="isVideo">Video or still.</param>
    public static string Detailed(string modality, string shows, bool isVideo) =>
        $"A real {(isVideo ? "clip" : "picture")} of {Name(modality).ToLowerInvariant()}.{(shows.Length > 0 ? $" It shows {shows}." : "")}";

    private static string Name(string modality) => Modalities.GetValueOrDefault(modality, modality);
}
