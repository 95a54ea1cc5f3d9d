namespace MedGen.Dicom.Writing;

/// <summary>What recorded a film: each is a storage class of its own (PS3.4, B.5).</summary>
public enum FilmKind
{
    /// <summary>An endoscope.</summary>
    Endoscopic,

    /// <summary>A camera.</summary>
    Photographic,

    /// <summary>A microscope.</summary>
    Microscopic,
}
