using MedGen.Cli.Connections;
using MedGen.Sdk.Frames;
using MedGen.Media;
using MedGen.Media.Images;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Cli.Demo;

/// <summary>Evenly spaced frames of a clip, side by side in one PNG.</summary>
internal static class ContactSheet
{
    public static async Task<byte[]> RenderAsync(string path, int columns, int rows, CancellationToken cancellationToken)
    {
        await using ServiceProvider services = MediaServices.Create();
        IVideoClip clip = await services.GetRequiredService<IVideoReader>().OpenAsync(path, cancellationToken);
        List<VideoFrame> frames = [];
        try
        {
            await foreach (VideoFrame frame in clip.ReadFramesAsync(FrameSampling.All, cancellationToken))
            {
                frames.Add(frame);
            }

            int tiles = columns * rows;
            using VideoFrame sheet = VideoFrame.Rent(clip.Info.Width * columns, clip.Info.Height * rows);
            for (int tile = 0; tile < tiles; tile++)
            {
                // The middle of each of as many equal parts as there are tiles.
                VideoFrame frame = frames[((2 * tile) + 1) * frames.Count / (2 * tiles)];
                Paste(frame, sheet, tile % columns * frame.Width, tile / columns * frame.Height);
            }

            return await FrameImage.EncodePngAsync(sheet, null, cancellationToken);
        }
        finally
        {
            frames.ForEach(frame => frame.Dispose());
        }
    }

    private static void Paste(VideoFrame frame, VideoFrame sheet, int left, int top)
    {
        int rowBytes = frame.Width * 3;
        for (int row = 0; row < frame.Height; row++)
        {
            frame.Pixels.Slice(row * rowBytes, rowBytes).CopyTo(sheet.WritablePixels[((((top + row) * sheet.Width) + left) * 3)..]);
        }
    }
}
