using MedGen.Phantoms.Fields;

namespace MedGen.Phantoms.Ultrasound;

/// <summary>The trace that echo machines draw along the bottom.</summary>
internal static class Electrocardiogram
{
    /// <summary>Draws the trace up to the current frame.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="phase">Part of the cardiac cycle at a (fractional) frame; 0 is end-diastole, the R wave.</param>
    /// <param name="index">The current frame.</param>
    /// <param name="count">Number of frames.</param>
    public static void Draw(Plane picture, Func<double, double> phase, int index, int count)
    {
        double height = picture.Height * 0.07;
        int baseline = (int)(picture.Height * 0.95);
        int end = (int)((index + 1.0) / count * picture.Width);
        int before = baseline;
        for (int x = 0; x < end; x++)
        {
            int y = baseline - (int)(height * Voltage(phase((double)x / picture.Width * count)));
            for (int at = Math.Min(y, before); at <= Math.Max(y, before); at++)
            {
                picture[x, Math.Clamp(at, 0, picture.Height - 1)] = 0.75f;
            }

            before = y;
        }
    }

    private static double Voltage(double phase)
    {
        double fromR = phase > 0.5 ? phase - 1 : phase;
        return Wave(fromR, 0, 0.018, 1) - Wave(fromR, 0.035, 0.014, 0.25) + Wave(phase, 0.32, 0.05, 0.25) + Wave(fromR, -0.14, 0.03, 0.12);
    }

    private static double Wave(double at, double centre, double width, double height) => height * Math.Exp(-Math.Pow((at - centre) / width, 2));
}
