namespace MedGen.Dicom.DataSets;

/// <summary>Items of code sequences (PS3.3, 8.8).</summary>
internal static class Code
{
    /// <summary>A code with its meaning.</summary>
    /// <param name="value">Code Value.</param>
    /// <param name="meaning">Code Meaning.</param>
    /// <param name="scheme">Coding Scheme Designator.</param>
    public static DicomDataSet Of(string value, string meaning, string scheme = "DCM")
    {
        DicomDataSet code = new();
        code.SetText(new(0x0008_0100), value);
        code.SetText(new(0x0008_0102), scheme);
        code.SetText(new(0x0008_0104), meaning);
        return code;
    }
}
