namespace MedGen.Dicom.DataSets;

/// <summary>How pixels are encoded.</summary>
public enum PixelCoding
{
    /// <summary>As they are, one after the other.</summary>
    Native,

    /// <summary>As they are, one fragment a frame.</summary>
    NativeFragments,

    /// <summary>Run lengths (PS3.5, annex G).</summary>
    Rle,

    /// <summary>Each frame as a picture: JPEG, JPEG-LS, JPEG 2000.</summary>
    Picture,

    /// <summary>All frames as one film: MPEG-2, H.264, HEVC.</summary>
    Film,

    /// <summary>In another way, which is not read.</summary>
    Unsupported,
}
