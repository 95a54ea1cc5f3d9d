namespace UltrasoundAugmenter;

/// <summary>How the beams lie in the picture.</summary>
internal enum Probe
{
    /// <summary>They fan out from the middle of the upper edge, as in echocardiography.</summary>
    Sector,

    /// <summary>They go straight down.</summary>
    Linear,
}

/// <summary>Where a pixel is for the probe.</summary>
/// <param name="Beam">Across the beams, −1 to 1 from the left to the right border; of a sector, of a fan of 90°.</param>
/// <param name="Depth">Along a beam: 0 at the probe, 1 at the lower edge.</param>
internal readonly record struct BeamPoint(double Beam, double Depth)
{
    /// <summary>The place of a pixel's middle.</summary>
    public static BeamPoint Of(Probe probe, int x, int y, int width, int height)
    {
        (double across, double down) = (x + 0.5 - (width / 2.0), y + 0.5);
        return probe == Probe.Linear
            ? new BeamPoint(across / (width / 2.0), down / height)
            : new BeamPoint(Math.Atan2(across, down) / (Math.PI / 4), Math.Sqrt((across * across) + (down * down)) / height);
    }
}
