namespace MedGen.Phantoms.Ultrasound;

/// <summary>
/// A left ventricle whose cavity is half a prolate spheroid: volume 2/3·π·a²·L with half-width a at the base and length L. Both shrink in systole
/// such that the ejection fraction is exactly the one given. Lengths in mm.
/// </summary>
/// <param name="HalfWidth">a at end-diastole.</param>
/// <param name="Length">L at end-diastole, from base to apex.</param>
/// <param name="EjectionFraction">1 - ESV / EDV, 0 to 1.</param>
internal sealed record LeftVentricle(double HalfWidth, double Length, double EjectionFraction)
{
    /// <summary>Part of the cycle that is systole.</summary>
    public const double Systole = 0.36;

    /// <summary>Volume at end-diastole in mL.</summary>
    public double EndDiastolicVolume => Volume(0);

    /// <summary>Volume at end-systole in mL.</summary>
    public double EndSystolicVolume => Volume(Systole);

    /// <summary>How far the contraction is: 0 at end-diastole (phase 0 or 1), 1 at end-systole.</summary>
    /// <param name="phase">Part of the cycle, 0 to 1.</param>
    public static double Contraction(double phase)
    {
        if (phase < Systole)
        {
            return 0.5 - (0.5 * Math.Cos(Math.PI * phase / Systole));
        }

        // Fast filling, diastasis, then the atrium's kick.
        double t = (phase - Systole) / (1 - Systole);
        double early = 0.78 * (t < 0.45 ? 0.5 - (0.5 * Math.Cos(Math.PI * t / 0.45)) : 1);
        double late = 0.22 * (t > 0.75 ? 0.5 - (0.5 * Math.Cos(Math.PI * (t - 0.75) / 0.25)) : 0);
        return 1 - early - late;
    }

    /// <summary>Factors on half-width and length.</summary>
    /// <param name="phase">Part of the cycle, 0 to 1.</param>
    public (double Width, double Length) Scale(double phase)
    {
        double c = Contraction(phase);
        double length = 1 - (0.25 * EjectionFraction * c);
        return (Math.Sqrt((1 - (EjectionFraction * c)) / length), length);
    }

    /// <summary>Volume of the cavity in mL.</summary>
    /// <param name="phase">Part of the cycle, 0 to 1.</param>
    public double Volume(double phase)
    {
        (double width, double length) = Scale(phase);
        return 2.0 / 3 * Math.PI * Math.Pow(HalfWidth * width, 2) * Length * length / 1000;
    }

    /// <summary>Half-width of the cavity at a distance above the base.</summary>
    /// <param name="phase">Part of the cycle, 0 to 1.</param>
    /// <param name="height">Distance from the base towards the apex in mm.</param>
    public double HalfWidthAt(double phase, double height)
    {
        (double width, double length) = Scale(phase);
        double s = height / (Length * length);
        return s is < 0 or > 1 ? 0 : HalfWidth * width * Math.Sqrt(1 - (s * s));
    }
}
