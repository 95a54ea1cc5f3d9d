using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Media;

namespace MedGen.Datasets.Clips;

/// <summary>
/// Reads clips of any size and rate at one shape: the middle of their time, scaled until they cover the shape and cut to it around the middle.
/// </summary>
public static class ClipDecoding
{
    /// <summary>Reads one clip.</summary>
    /// <param name="reader">Decodes.</param>
    /// <param name="path">The file.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>R, G, B bytes, frame by frame; null: a still where a film is asked for, or a film that is too short.</returns>
    /// <exception cref="MediaException">The file cannot be decoded.</exception>
    public static async Task<byte[]?> ReadAsync(IVideoReader reader, string path, ClipShape shape, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reader);
        IVideoClip clip = await reader.OpenAsync(path, cancellationToken).ConfigureAwait(false);
        bool isStill = clip.Info.FrameRate is null || clip.Info.FrameCount == 1;
        if (isStill && shape.NumFrames > 1)
        {
            return null;
        }

        double scale = Math.Max((double)shape.Width / clip.Info.Width, (double)shape.Height / clip.Info.Height);
        int width = Math.Max(shape.Width, (int)Math.Round(clip.Info.Width * scale));
        int height = Math.Max(shape.Height, (int)Math.Round(clip.Info.Height * scale));
        double spare = isStill ? 0 : (clip.Info.Duration ?? TimeSpan.Zero).TotalSeconds - ((shape.NumFrames - 1) / shape.FramesPerSecond);
        FrameSampling sampling = new()
        {
            Width = width,
            Height = height,
            FramesPerSecond = isStill ? null : shape.FramesPerSecond,
            MaxFrames = shape.NumFrames,

            // A clip that is no longer than it must be is read from its beginning: half a frame later, its last frame would be missed.
            Start = TimeSpan.FromSeconds(spare > 1.5 / shape.FramesPerSecond ? spare / 2 : 0),
        };
        byte[] pixels = new byte[shape.Bytes];
        int read = 0;
        await foreach (VideoFrame frame in clip.ReadFramesAsync(sampling, cancellationToken).ConfigureAwait(false))
        {
            using (frame)
            {
                CopyMiddle(frame, shape, pixels.AsSpan(read++ * shape.FrameBytes, shape.FrameBytes));
            }
        }

        return read == shape.NumFrames ? pixels : null;
    }

    private static void CopyMiddle(VideoFrame frame, ClipShape shape, Span<byte> target)
    {
        int left = (frame.Width - shape.Width) / 2;
        int top = (frame.Height - shape.Height) / 2;
        for (int y = 0; y < shape.Height; y++)
        {
            frame.Pixels.Span.Slice((((top + y) * frame.Width) + left) * 3, shape.Width * 3).CopyTo(target[(y * shape.Width * 3)..]);
        }
    }
}
