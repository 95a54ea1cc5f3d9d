using MedGen.Classifiers.Frames;
using MedGen.Classifiers.Modality;
using MedGen.Datasets.Clips;
using MedGen.Evaluation.VBench.Dimensions;
using MedGen.Sdk.Frames;

namespace MedGen.Evaluation.VBench.Networks;

/// <summary>Features of the imaging-modality network; none of a frame of one colour.</summary>
internal sealed class ModalityFeatures(ModalityNetwork network) : IFrameEmbedding
{
    public float[] Embed(ClipFrame frame)
    {
        FramePicture picture = FramePicture.FromFrame(VideoFrame.Wrap(frame.Pixels, frame.Width, frame.Height));
        return picture.IsFlat ? [] : network.Look(picture).Features;
    }
}

/// <summary>A picture of 16 × 16 means of each channel, less its mean: where it is bright, and in which colour.</summary>
internal sealed class Thumbnail : IFrameEmbedding
{
    private const int Side = 16;

    public float[] Embed(ClipFrame frame)
    {
        double[] sums = new double[Side * Side * 3];
        int[] counts = new int[Side * Side];
        for (int y = 0; y < frame.Height; y++)
        {
            for (int x = 0; x < frame.Width; x++)
            {
                int cell = (y * Side / frame.Height * Side) + (x * Side / frame.Width);
                counts[cell]++;
                for (int channel = 0; channel < 3; channel++)
                {
                    sums[(cell * 3) + channel] += frame.Pixels[(((y * frame.Width) + x) * 3) + channel];
                }
            }
        }

        double[] means = [.. sums.Select((sum, i) => sum / Math.Max(1, counts[i / 3]))];
        double mean = means.Average();
        return Array.ConvertAll(means, value => (float)(value - mean));
    }
}

/// <summary>The mean of two frames, value by value, rounded down.</summary>
internal sealed class MeanOfNeighbours : IFrameInterpolation
{
    public ClipFrame Between(ClipFrame before, ClipFrame after) =>
        before with { Pixels = [.. before.Pixels.Zip(after.Pixels, (a, b) => (byte)((a + b) / 2))] };
}

/// <summary>Mean absolute Laplacian of a frame in grey levels: low in blurred frames.</summary>
internal sealed class Sharpness : IFrameQuality
{
    public double Score(ClipFrame frame) =>
        ClipQuality.Of(frame.Pixels, new ClipShape { Width = frame.Width, Height = frame.Height, NumFrames = 1 }).Sharpness;
}
