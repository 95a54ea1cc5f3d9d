using MedGen.Phantoms.Fields;

namespace MedGen.Phantoms.MagneticResonance;

/// <summary>Noise of a magnitude picture: Gaussian in the real and the imaginary channel, of which the magnitude is shown.</summary>
internal static class RicianNoise
{
    /// <summary>Adds the noise in place.</summary>
    /// <param name="picture">Signal, not negative.</param>
    /// <param name="deviation">Standard deviation in each channel.</param>
    /// <param name="random">The generator.</param>
    public static void Add(Plane picture, double deviation, Random random)
    {
        for (int i = 0; i < picture.Values.Length; i++)
        {
            // Two independent normal draws from one radius and angle.
            double radius = deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            (double sine, double cosine) = Math.SinCos(2 * Math.PI * random.NextDouble());
            (double real, double imaginary) = (picture.Values[i] + (radius * cosine), radius * sine);
            picture.Values[i] = (float)Math.Sqrt((real * real) + (imaginary * imaginary));
        }
    }
}
