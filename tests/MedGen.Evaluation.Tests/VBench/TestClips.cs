using MedGen.Evaluation.VBench.Dimensions;
using MedGen.Evaluation.VBench.Networks;
using MedGen.Media;
using MedGen.Sdk.Frames;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MedGen.Evaluation.Tests.VBench;

/// <summary>Frames and clips that are worked out by hand.</summary>
internal static class TestClips
{
    public static ServiceProvider Media { get; } = new ServiceCollection().AddSingleton(TimeProvider.System)
        .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>)).AddMedGenMedia().BuildServiceProvider();

    /// <summary>The modality classifier that comes with the platform.</summary>
    public static string ModalityWeights => RepositoryRoot.Path("plugins", "ImagingModality", "weights", "modality.safetensors");

    public static string Network(string slot) => Fixtures.Path("vbench", slot);

    /// <summary>A frame of one grey.</summary>
    public static ClipFrame Grey(byte value, int width = 1, int height = 1) => new([.. Enumerable.Repeat(value, width * height * 3)], width, height);

    /// <summary>A frame of one colour.</summary>
    public static ClipFrame Colour(byte red, byte green, byte blue, int width, int height) =>
        new([.. Enumerable.Range(0, width * height).SelectMany(_ => new[] { red, green, blue })], width, height);

    public static ClipScore? Score(this IClipDimension dimension, params IEnumerable<ClipFrame> frames)
    {
        foreach (ClipFrame frame in frames)
        {
            dimension.Add(frame);
        }

        return dimension.Score();
    }

    /// <summary>Writes a clip of 32 × 32 px at 8 frames a second in which a bright square goes to the right.</summary>
    public static async Task WriteAsync(string path, int frames, int speed)
    {
        IEnumerable<VideoFrame> all = Enumerable.Range(0, frames).Select(t =>
        {
            VideoFrame frame = VideoFrame.Rent(32, 32);
            for (int i = 0; i < 32 * 32; i++)
            {
                int x = ((i % 32) - (t * speed) + 320) % 32;
                frame.WritablePixels.Span.Slice(i * 3, 3).Fill((byte)(x < 8 && i / 32 is > 8 and < 20 ? 220 : 40 + (i % 32)));
            }

            return frame;
        });
        await Media.GetRequiredService<IVideoWriter>().WriteAsync(
            path, all.ToAsyncEnumerable(), new VideoEncoding { FramesPerSecond = 8, ProvenanceId = "phantom:test" }, TestContext.Current.CancellationToken);
    }
}

/// <summary>Features that are the frame's own values.</summary>
internal sealed class OwnValues : IFrameEmbedding
{
    public float[] Embed(ClipFrame frame) => Array.ConvertAll(frame.Pixels, value => value - 100f);
}
