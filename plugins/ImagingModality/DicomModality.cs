using MedGen.Sdk.Analysis;

namespace MedGen.Plugins.ImagingModality;

/// <summary>Acquisition modalities of DICOM (PS3.16, CID 29).</summary>
internal static class DicomModality
{
    private static readonly Dictionary<string, string> Meanings = new(StringComparer.Ordinal)
    {
        ["CR"] = "Computed Radiography",
        ["CT"] = "Computed Tomography",
        ["DX"] = "Digital Radiography",
        ["ES"] = "Endoscopy",
        ["GM"] = "General Microscopy",
        ["MG"] = "Mammography",
        ["MR"] = "Magnetic Resonance",
        ["NM"] = "Nuclear Medicine",
        ["OP"] = "Ophthalmic Photography",
        ["OPT"] = "Ophthalmic Tomography",
        ["PT"] = "Positron emission tomography",
        ["RF"] = "Radiofluoroscopy",
        ["SM"] = "Slide Microscopy",
        ["US"] = "Ultrasound",
        ["XA"] = "X-Ray Angiography",
        ["XC"] = "External-camera Photography",
    };

    /// <summary>The term of a label; null: DICOM has none of that name.</summary>
    public static CodedTerm? Find(string label) =>
        Meanings.TryGetValue(label, out string? meaning) ? new CodedTerm { Scheme = "DCM", Code = label, Meaning = meaning } : null;
}
