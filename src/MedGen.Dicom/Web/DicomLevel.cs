namespace MedGen.Dicom.Web;

/// <summary>What a query lists (PS3.18, 10.6).</summary>
public enum DicomLevel
{
    /// <summary>Studies.</summary>
    Studies,

    /// <summary>Series.</summary>
    Series,

    /// <summary>Instances.</summary>
    Instances,
}
