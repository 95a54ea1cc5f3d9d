using MedGen.Dicom.DataSets;
using MedGen.Dicom.Pixels;
using MedGen.Sdk.Frames;

namespace MedGen.Classifiers.Training.ImagingModality;

/// <summary>A DICOM file as the trainings show it: grey values in several windows, so that a classifier does not learn one of them.</summary>
internal static class DicomViews
{
    /// <summary>CT windows as (level, width) in Hounsfield units: soft tissue, lung, bone, brain.</summary>
    private static readonly (float Level, float Width)[] ComputedTomography = [(40, 400), (-600, 1500), (400, 1800), (40, 100)];

    /// <summary>
    /// Up to a number of frames, evenly taken: CT in each of its windows, other grey ones from the 1st to the 99th percentile, coloured ones as they
    /// are.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="modality">Its DICOM modality code.</param>
    /// <param name="maxFrames">Most frames of the file that are taken; at least 1.</param>
    /// <param name="cancellationToken">Stops the decoding.</param>
    /// <returns>Pictures of one size, which the caller disposes.</returns>
    /// <exception cref="Sdk.Errors.MediaException">The file is no DICOM file, is broken, or its pixels are of a kind that is not read.</exception>
    public static async Task<IReadOnlyList<VideoFrame>> ReadAsync(string path, string modality, int maxFrames, CancellationToken cancellationToken)
    {
        using DicomFile file = DicomFile.Open(path);
        using DicomImage image = DicomImage.Open(file);
        List<VideoFrame> views = [];
        int step = (image.FrameCount + maxFrames - 1) / maxFrames;
        for (int index = 0; index < image.FrameCount; index += step)
        {
            if (!image.IsGrey)
            {
                views.Add(await image.ReadFrameAsync(index, cancellationToken).ConfigureAwait(false));
                continue;
            }

            float[] values = await image.ReadValuesAsync(index, cancellationToken).ConfigureAwait(false);
            views.AddRange(Windows(values, modality).Select(window => Map(image, values, window.Low, window.High, index)));
        }

        return views;
    }

    private static IEnumerable<(float Low, float High)> Windows(float[] values, string modality)
    {
        if (modality == "CT")
        {
            return ComputedTomography.Select(one => (one.Level - (one.Width / 2), one.Level + (one.Width / 2)));
        }

        float[] sorted = [.. values];
        Array.Sort(sorted);
        return [(sorted[sorted.Length / 100], sorted[sorted.Length - 1 - (sorted.Length / 100)])];
    }

    private static VideoFrame Map(DicomImage image, float[] values, float low, float high, int index)
    {
        byte[] pixels = new byte[values.Length * 3];
        float scale = 255f / Math.Max(1e-6f, high - low);
        bool isInverted = image.Photometric == "MONOCHROME1";
        for (int i = 0; i < values.Length; i++)
        {
            byte level = (byte)Math.Clamp((int)((values[i] - low) * scale), 0, 255);
            pixels.AsSpan(i * 3, 3).Fill(isInverted ? (byte)(255 - level) : level);
        }

        return VideoFrame.Wrap(pixels, image.Width, image.Height, index);
    }
}
