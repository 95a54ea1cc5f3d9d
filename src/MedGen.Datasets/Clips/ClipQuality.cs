using MedGen.Sdk.Frames;

namespace MedGen.Datasets.Clips;

/// <summary>What can be measured of a clip without knowing what it shows. Grey levels of 255, means over frames.</summary>
/// <param name="Sharpness">Mean absolute Laplacian (4 neighbours): low in blurred clips.</param>
/// <param name="Brightness">Mean.</param>
/// <param name="Clipped">Share of the pixels at 250 or more: high in overexposed clips.</param>
/// <param name="Motion">Mean absolute difference of neighbouring frames: 0 in frozen clips.</param>
/// <param name="Flicker">Mean absolute second difference of the frames' mean brightness: what goes up and down as a whole.</param>
/// <param name="Blockiness">Mean absolute step across borders of 8 × 8 blocks over that elsewhere: 1 without blocks.</param>
public sealed record ClipQuality(double Sharpness, double Brightness, double Clipped, double Motion, double Flicker, double Blockiness)
{
    private const int Block = 8;
    private const int Overexposed = 250;

    /// <summary>Measures a clip.</summary>
    /// <param name="clip">R, G, B bytes, frame by frame.</param>
    /// <param name="shape">Its shape.</param>
    /// <returns>The measures.</returns>
    public static ClipQuality Of(ReadOnlySpan<byte> clip, ClipShape shape)
    {
        int pixels = shape.Width * shape.Height;
        byte[] grey = new byte[pixels];
        byte[] before = new byte[pixels];
        double[] means = new double[shape.NumFrames];
        (double sharpness, double motion) = (0, 0);
        (long clipped, long inside, long across, long insideCount, long acrossCount) = (0, 0, 0, 0, 0);
        for (int t = 0; t < shape.NumFrames; t++)
        {
            ReadOnlySpan<byte> frame = clip.Slice(t * shape.FrameBytes, shape.FrameBytes);
            long sum = 0;
            long change = 0;
            for (int i = 0; i < pixels; i++)
            {
                int value = (frame[3 * i] + (2 * frame[(3 * i) + 1]) + frame[(3 * i) + 2]) / 4;
                grey[i] = (byte)value;
                sum += value;
                clipped += value >= Overexposed ? 1 : 0;
                change += Math.Abs(value - before[i]);
            }

            means[t] = (double)sum / pixels;
            motion += t == 0 ? 0 : (double)change / pixels;
            long edges = 0;
            for (int y = 1; y < shape.Height - 1; y++)
            {
                for (int x = 1; x < shape.Width - 1; x++)
                {
                    int at = (y * shape.Width) + x;
                    edges += Math.Abs((4 * grey[at]) - grey[at - 1] - grey[at + 1] - grey[at - shape.Width] - grey[at + shape.Width]);
                    int step = Math.Abs(grey[at] - grey[at - 1]);
                    if (x % Block == 0)
                    {
                        (across, acrossCount) = (across + step, acrossCount + 1);
                    }
                    else
                    {
                        (inside, insideCount) = (inside + step, insideCount + 1);
                    }
                }
            }

            sharpness += (double)edges / Math.Max(1, (shape.Width - 2) * (shape.Height - 2));
            (grey, before) = (before, grey);
        }

        double flicker = 0;
        for (int t = 2; t < shape.NumFrames; t++)
        {
            flicker += Math.Abs(means[t] - (2 * means[t - 1]) + means[t - 2]);
        }

        // A step of one grey level more keeps plain clips at 1.
        double blockiness = acrossCount == 0 ? 1 : (((double)across / acrossCount) + 1) / (((double)inside / insideCount) + 1);
        return new ClipQuality(
            sharpness / shape.NumFrames, means.Average(), (double)clipped / ((long)pixels * shape.NumFrames),
            motion / Math.Max(1, shape.NumFrames - 1), flicker / Math.Max(1, shape.NumFrames - 2), blockiness);
    }
}
