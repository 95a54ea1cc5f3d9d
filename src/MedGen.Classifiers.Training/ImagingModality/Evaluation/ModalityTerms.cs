using MedGen.Datasets.Reading;

namespace MedGen.Classifiers.Training.ImagingModality.Evaluation;

/// <summary>
/// The modalities that make pictures: defined terms of attribute (0008,0060), DICOM PS3.3 section C.7.3.1.1.1, with their names; and what stands for
/// pictures that no medical device took.
/// </summary>
internal static class ModalityTerms
{
    // The meaning as the standard has it first, then what people write.
    private static readonly Dictionary<string, string[]> Names = new(StringComparer.Ordinal)
    {
        ["BDUS"] = ["ultrasound bone densitometry"],
        ["BI"] = ["biomagnetic imaging"],
        ["BMD"] = ["bone mineral densitometry"],
        ["CFM"] = ["confocal microscopy"],
        ["CR"] = ["computed radiography"],
        ["CT"] = ["computed tomography"],
        ["DG"] = ["diaphanography"],
        ["DMS"] = ["dermoscopy"],
        ["DX"] = ["digital radiography", "radiography", "radiograph", "x-ray", "xray"],
        ["ECG"] = ["electrocardiography", "electrocardiogram"],
        ["ES"] = ["endoscopy", "laparoscopy", "colonoscopy", "bronchoscopy", "gastroscopy"],
        ["GM"] = ["general microscopy", "microscopy"],
        ["IO"] = ["intra-oral radiography"],
        ["IVOCT"] = ["intravascular optical coherence tomography"],
        ["IVUS"] = ["intravascular ultrasound"],
        ["LS"] = ["laser surface scan"],
        ["MG"] = ["mammography", "mammogram"],
        ["MR"] = ["magnetic resonance", "magnetic resonance imaging", "mri"],
        ["NM"] = ["nuclear medicine"],
        ["OCT"] = ["optical coherence tomography (non-ophthalmic)"],
        ["OP"] = ["ophthalmic photography", "fundus photography", "fundus"],
        ["OPM"] = ["ophthalmic mapping"],
        ["OPT"] = ["ophthalmic tomography", "optical coherence tomography"],
        ["OPTBSV"] = ["ophthalmic tomography b-scan volume analysis"],
        ["OPTENF"] = ["ophthalmic tomography en face"],
        ["OT"] = ["other"],
        ["PA"] = ["photoacoustic"],
        ["PT"] = ["positron emission tomography", "positron emission tomography (pet)", "pet"],
        ["PX"] = ["panoramic x-ray"],
        ["RF"] = ["radio fluoroscopy", "fluoroscopy"],
        ["RG"] = ["radiographic imaging"],
        ["SM"] = ["slide microscopy", "histology", "histopathology"],
        ["TG"] = ["thermography"],
        ["US"] = ["ultrasound", "ultrasonography", "sonography", "echocardiography"],
        ["XA"] = ["x-ray angiography", "angiography"],
        ["XC"] = ["external-camera photography"],
        [ModalityManifest.NoModality] = ["everyday", "no modality"],
    };

    /// <summary>What a label may be, in words.</summary>
    public static string Allowed { get; } = $"DICOM codes ({string.Join(", ", Names.Keys)}) and their names, such as {Names["US"][0]}";

    /// <summary>The code for a code or name, in any case and with hyphens or underscores for spaces; null: it is neither.</summary>
    public static string? CodeOf(string label)
    {
        string plain = Plain(label);
        return Names.Keys.FirstOrDefault(code => Plain(code) == plain || Names[code].Any(name => Plain(name) == plain));
    }

    private static string Plain(string text) => text.Trim().Replace('_', ' ').Replace('-', ' ').ToUpperInvariant();
}
