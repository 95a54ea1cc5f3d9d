using MedGen.Sdk.Frames;

namespace MedGen.Classifiers.Training.Dicom;

/// <summary>Shows DICOM values as 8-bit pictures.</summary>
internal static class DicomWindow
{
    /// <summary>CT windows as (level, width) in Hounsfield units: soft tissue, lung, bone, brain.</summary>
    private static readonly (float Level, float Width)[] ComputedTomography = [(40, 400), (-600, 1500), (400, 1800), (40, 100)];

    /// <summary>Up to a number of frames, evenly taken: CT in each of its windows, others from the 1st to the 99th percentile.</summary>
    public static IEnumerable<VideoFrame> Show(DicomSlices slices, string modality, int maxFrames)
    {
        int step = (slices.Frames.Count + maxFrames - 1) / maxFrames;
        for (int index = 0; index < slices.Frames.Count; index += step)
        {
            float[] values = slices.Frames[index];
            if (modality == "CT")
            {
                foreach ((float level, float width) in ComputedTomography)
                {
                    yield return Map(slices, values, level - (width / 2), level + (width / 2), index);
                }
            }
            else
            {
                float[] sorted = [.. values];
                Array.Sort(sorted);
                yield return Map(slices, values, sorted[sorted.Length / 100], sorted[sorted.Length - 1 - (sorted.Length / 100)], index);
            }
        }
    }

    private static VideoFrame Map(DicomSlices slices, float[] values, float low, float high, int index)
    {
        byte[] pixels = new byte[values.Length * 3];
        float scale = 255f / Math.Max(1e-6f, high - low);
        for (int i = 0; i < values.Length; i++)
        {
            byte level = (byte)Math.Clamp((int)((values[i] - low) * scale), 0, 255);
            pixels.AsSpan(i * 3, 3).Fill(slices.IsInverted ? (byte)(255 - level) : level);
        }

        return VideoFrame.Wrap(pixels, slices.Width, slices.Height, index);
    }
}
