namespace MedGen.Phantoms.Ultrasound;

/// <summary>
/// Point scatterers in the picture's plane: where the echo comes from. Each has a fixed complex strength, so that speckle moves with the tissue.
/// </summary>
internal sealed class Scatterers
{
    public Scatterers(int count, UltrasoundProbe probe, Random random)
    {
        (X, Z, Real, Imaginary, Amplitude) = (new float[count], new float[count], new float[count], new float[count], new float[count]);
        for (int i = 0; i < count; i++)
        {
            // Uniform over the lines, a little beyond their ends: as many to a resolution cell everywhere.
            (X[i], Z[i]) = probe.ToPoint(random.NextDouble() * 2.2 - 1.1, random.NextDouble() * 1.1 - 0.02);
            double radius = Math.Sqrt(-Math.Log(1 - random.NextDouble()));
            (double sine, double cosine) = Math.SinCos(2 * Math.PI * random.NextDouble());
            (Real[i], Imaginary[i]) = ((float)(radius * cosine), (float)(radius * sine));
        }
    }

    /// <summary>Lateral positions in mm.</summary>
    public float[] X { get; }

    /// <summary>Depths in mm.</summary>
    public float[] Z { get; }

    /// <summary>Real part of the strength.</summary>
    public float[] Real { get; }

    /// <summary>Imaginary part of the strength.</summary>
    public float[] Imaginary { get; }

    /// <summary>Amplitude of the tissue at the scatterer; soft tissue about 0.3, blood about 0.02, an interface 1 and more.</summary>
    public float[] Amplitude { get; }

    /// <summary>Number of scatterers.</summary>
    public int Count => X.Length;
}
