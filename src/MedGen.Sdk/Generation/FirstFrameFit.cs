namespace MedGen.Sdk.Generation;

/// <summary>How a picture gets to the size of the clip that begins with it. Its sides keep their proportion.</summary>
public enum FirstFrameFit
{
    /// <summary>It is scaled until it covers the clip, and what stands out at two sides is cut off.</summary>
    Crop = 0,

    /// <summary>It is scaled until it fits into the clip; two sides become black.</summary>
    Pad = 1,
}
