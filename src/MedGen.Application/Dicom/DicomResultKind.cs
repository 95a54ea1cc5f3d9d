namespace MedGen.Application.Dicom;

/// <summary>A form in which a result is given back.</summary>
public enum DicomResultKind
{
    /// <summary>Structured report, TID 1500.</summary>
    Report,

    /// <summary>Secondary capture of the middle frame; its series description says the answer.</summary>
    Capture,

    /// <summary>The clip as a film in H.264; its series description says the answer.</summary>
    Film,
}
