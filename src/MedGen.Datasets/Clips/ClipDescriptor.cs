using MedGen.Sdk.Frames;

namespace MedGen.Datasets.Clips;

/// <summary>
/// A clip as a vector whose products are correlations: grey means of 16 × 16 cells in 4 parts of its time, centred and of unit length. The
/// correlation of two vectors is Pearson's over these cells. It sees copies and near-copies; it is no learnt feature and knows nothing of what a clip
/// means.
/// </summary>
public static class ClipDescriptor
{
    /// <summary>How figures over these vectors name them.</summary>
    public const string Name = "grey thumbnails, 16 × 16 cells × 4 parts of time, Pearson correlation";

    /// <summary>Length of a vector.</summary>
    public const int Length = Parts * Cells * Cells;

    private const int Parts = 4;
    private const int Cells = 16;

    /// <summary>Describes a clip.</summary>
    /// <param name="clip">R, G, B bytes, frame by frame.</param>
    /// <param name="shape">Its shape.</param>
    /// <returns>The vector; all zero for a clip of one grey level.</returns>
    public static float[] Of(ReadOnlySpan<byte> clip, ClipShape shape)
    {
        double[] sums = new double[Length];
        int[] counts = new int[Length];
        for (int t = 0; t < shape.NumFrames; t++)
        {
            int part = t * Parts / shape.NumFrames;
            for (int y = 0; y < shape.Height; y++)
            {
                int row = ((part * Cells) + (y * Cells / shape.Height)) * Cells;
                int at = (t * shape.FrameBytes) + (y * shape.Width * 3);
                for (int x = 0; x < shape.Width; x++, at += 3)
                {
                    int cell = row + (x * Cells / shape.Width);
                    sums[cell] += clip[at] + clip[at + 1] + clip[at + 2];
                    counts[cell]++;
                }
            }
        }

        // A clip of fewer frames than parts, or of fewer px than cells, leaves some empty: they stay at the mean.
        double[] means = [.. sums.Select((sum, i) => counts[i] == 0 ? double.NaN : sum / counts[i])];
        double mean = means.Where(double.IsFinite).Average();
        double[] centred = [.. means.Select(value => double.IsFinite(value) ? value - mean : 0)];
        double norm = Math.Sqrt(centred.Sum(value => value * value));
        return [.. centred.Select(value => norm < 1e-6 ? 0 : (float)(value / norm))];
    }

    /// <summary>Correlation of two clips.</summary>
    /// <param name="a">Vector of one.</param>
    /// <param name="b">Vector of the other.</param>
    /// <returns>-1 to 1.</returns>
    public static double Correlation(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        // In one order, whatever the machine's vectors are: the same correlations, and the same clips kept, everywhere.
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += (double)a[i] * b[i];
        }

        return sum;
    }
}
