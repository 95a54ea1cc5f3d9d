using MedGen.Sdk.Frames;
using MedGen.Application.Jobs;
using MedGen.Media.Images;

namespace MedGen.Application.Generation;

/// <summary>Makes a preview small enough for the event log: a PNG file, halved in size until it fits.</summary>
internal static class PreviewImage
{
    /// <summary>Largest file in bytes.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>Encodes a frame; the frame stays the caller's.</summary>
    public static async Task<JobPreviewed> CreateAsync(int step, VideoFrame frame, string provenanceId, CancellationToken cancellationToken)
    {
        VideoFrame small = frame;
        byte[] png = await FrameImage.EncodePngAsync(small, provenanceId, cancellationToken).ConfigureAwait(false);
        while (png.Length > MaxBytes)
        {
            small = Halve(small);
            png = await FrameImage.EncodePngAsync(small, provenanceId, cancellationToken).ConfigureAwait(false);
        }

        return new JobPreviewed { Step = step, Width = small.Width, Height = small.Height, Png = png };
    }

    // Each pixel is the mean of 2 x 2; an odd last row or column is left out. Only frames far above 2 x 2 are too large.
    private static VideoFrame Halve(VideoFrame frame)
    {
        int width = frame.Width / 2;
        int height = frame.Height / 2;
        int stride = frame.Width * 3;
        ReadOnlySpan<byte> pixels = frame.Pixels.Span;
        byte[] half = new byte[width * height * 3]; // [height / 2, width / 2, 3]
        int to = 0;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                for (int channel = 0; channel < 3; channel++)
                {
                    int from = (2 * y * stride) + (2 * x * 3) + channel;
                    half[to++] = (byte)((pixels[from] + pixels[from + 3] + pixels[from + stride] + pixels[from + stride + 3] + 2) / 4);
                }
            }
        }

        return VideoFrame.Wrap(half, width, height);
    }
}
