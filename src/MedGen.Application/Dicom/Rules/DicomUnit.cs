namespace MedGen.Application.Dicom.Rules;

/// <summary>What a rule takes for one clip.</summary>
public enum DicomUnit
{
    /// <summary>Each instance; a single slice is a clip of one frame.</summary>
    Instance,

    /// <summary>All instances of one frame of a series, in the order of their places; an instance of more frames is a clip of its own.</summary>
    Series,
}
