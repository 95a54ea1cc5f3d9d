namespace MedGen.Datasets.Reidentification;

/// <summary>What a copy may differ in from its recording and still shows the same patient.</summary>
internal enum CopyAlteration
{
    /// <summary>Brightness and contrast, as by an ultrasound machine's gain.</summary>
    Gain,

    /// <summary>Size, around the middle: enlarged, or made smaller on black.</summary>
    Zoom,

    /// <summary>A window of it, anywhere, enlarged to the whole.</summary>
    Crop,

    /// <summary>Faster or slower; from another instant on where it is faster.</summary>
    Speed,
}
