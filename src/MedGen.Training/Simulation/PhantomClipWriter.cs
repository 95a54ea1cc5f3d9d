using System.Globalization;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Media;
using MedGen.Phantoms;

namespace MedGen.Training.Simulation;

/// <summary>Writes simulated clips as videos.</summary>
/// <param name="writer">Writes videos.</param>
public sealed class PhantomClipWriter(IVideoWriter writer)
{
    private static readonly Dictionary<string, VideoFormat> Formats = new(StringComparer.OrdinalIgnoreCase)
    {
        [".mp4"] = VideoFormat.H264,
        [".gif"] = VideoFormat.Gif,
    };

    /// <summary>Simulates a clip and writes it. The file appears when it is complete; its metadata say that it is synthetic.</summary>
    /// <param name="path">File ending in <c>.mp4</c> (H.264) or <c>.gif</c>.</param>
    /// <param name="phantom">The simulator.</param>
    /// <param name="request">What to simulate.</param>
    /// <param name="cancellationToken">Stops between frames; nothing is left behind.</param>
    /// <returns>The clip with its truth and captions.</returns>
    /// <exception cref="InvalidInputException">The file's ending, or a value of the request, is not allowed.</exception>
    public async Task<PhantomClip> WriteAsync(string path, IPhantom phantom, PhantomRequest request, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(phantom);
        ArgumentNullException.ThrowIfNull(request);
        if (!Formats.TryGetValue(Path.GetExtension(path), out VideoFormat format))
        {
            throw new InvalidInputException(
                "out", $"got '{Path.GetFileName(path)}'; allowed: a name that ends in {string.Join(" or ", Formats.Keys)}.");
        }

        PhantomClip clip = phantom.Simulate(request);
        var encoding = new VideoEncoding
        {
            Format = format,
            FramesPerSecond = request.FramesPerSecond,
            ProvenanceId = string.Create(CultureInfo.InvariantCulture, $"{SyntheticNote.SimulatedPrefix}{phantom.Kind}:{request.Seed}"),
        };
        await writer.WriteAsync(path, Stream(clip.Frames), encoding, cancellationToken).ConfigureAwait(false);
        return clip;
    }

    private static async IAsyncEnumerable<VideoFrame> Stream(IEnumerable<VideoFrame> frames)
    {
        foreach (VideoFrame frame in frames)
        {
            yield return frame;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }
}
