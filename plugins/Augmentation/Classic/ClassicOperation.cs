namespace MedGen.Plugins.Augmentation.Classic;

/// <summary>What the method <c>classic</c> does to a clip. Ranges are those at magnitude 1.</summary>
internal enum ClassicOperation
{
    /// <summary>A window of 65 % or more of the sides, anywhere, enlarged to the whole.</summary>
    Crop,

    /// <summary>0.8 to 1.25 times as large.</summary>
    Scale,

    /// <summary>Up to 20° either way.</summary>
    Rotate,

    /// <summary>Up to 12 % of the sides either way.</summary>
    Translate,

    /// <summary>Contrast 0.5 to 1.5 around the clip's mean.</summary>
    Contrast,

    /// <summary>Exponent 0.5 to 2.</summary>
    Gamma,

    /// <summary>Additive Gaussian noise, deviation up to 20 grey levels.</summary>
    Noise,

    /// <summary>Gaussian blur, deviation up to 1.5 px.</summary>
    Blur,

    /// <summary>Multiplicative noise as of coherent imaging, deviation up to 0.3.</summary>
    Speckle,

    /// <summary>0.7 to 1.4 times as fast; the clip is run back and forth where it ends too early.</summary>
    Tempo,
}
