using System.Globalization;
using MedGen.Plugins.Augmentation.Options;

namespace MedGen.Plugins.Augmentation.Classic;

/// <summary>Draws an operation's parameter once for a clip and applies it to all frames.</summary>
internal static class OperationDraw
{
    /// <summary>Applies one operation.</summary>
    /// <returns>The altered clip, and the parameter as the manifest tells it.</returns>
    public static (ClipPixels Clip, string Parameter) Apply(ClassicOperation operation, ClipPixels clip, double magnitude, RandomStream random)
    {
        double side = random.Next() < 0.5 ? -1 : 1;
        switch (operation)
        {
            case ClassicOperation.Crop:
            {
                double size = random.Between(1 - (0.35 * magnitude), 1);
                (double x, double y) = (random.Between(-0.5, 0.5) * (1 - size), random.Between(-0.5, 0.5) * (1 - size));
                return (ClipWarp.Warp(clip, 1 / size, 0, x, y),
                    string.Create(CultureInfo.InvariantCulture, $"size {size:0.###} at {x:0.###} {y:0.###}"));
            }

            case ClassicOperation.Scale:
            {
                double factor = Math.Exp(side * random.Next() * magnitude * Math.Log(1.25));
                return (ClipWarp.Warp(clip, factor, 0, 0, 0), Text(factor));
            }

            case ClassicOperation.Rotate:
            {
                double degrees = side * random.Next() * 20 * magnitude;
                return (ClipWarp.Warp(clip, 1, degrees, 0, 0), Text(degrees));
            }

            case ClassicOperation.Translate:
            {
                (double x, double y) = (random.Between(-0.12, 0.12) * magnitude, random.Between(-0.12, 0.12) * magnitude);
                return (ClipWarp.Warp(clip, 1, 0, x, y), string.Create(CultureInfo.InvariantCulture, $"{x:0.###} {y:0.###}"));
            }

            case ClassicOperation.Contrast:
            {
                double factor = 1 + (side * random.Next() * 0.5 * magnitude);
                return (ClipTone.Contrast(clip, factor), Text(factor));
            }

            case ClassicOperation.Gamma:
            {
                double exponent = Math.Pow(2, side * random.Next() * magnitude);
                return (ClipTone.Gamma(clip, exponent), Text(exponent));
            }

            case ClassicOperation.Noise:
            {
                double deviation = random.Between(0.1, 1) * 20 * magnitude;
                return (ClipTone.Noise(clip, deviation, random), Text(deviation));
            }

            case ClassicOperation.Blur:
            {
                double deviation = random.Between(0.2, 1) * 1.5 * magnitude;
                return (ClipTone.Blur(clip, deviation), Text(deviation));
            }

            case ClassicOperation.Speckle:
            {
                double deviation = random.Between(0.1, 1) * 0.3 * magnitude;
                return (ClipTone.Speckle(clip, deviation, random), Text(deviation));
            }

            default:
            {
                double speed = Math.Exp(side * random.Next() * magnitude * Math.Log(1.4));
                return (ClipWarp.Tempo(clip, speed), Text(speed));
            }
        }
    }

    private static string Text(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
