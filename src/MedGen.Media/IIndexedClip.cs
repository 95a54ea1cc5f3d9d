using MedGen.Sdk.Frames;

namespace MedGen.Media;

/// <summary>A clip that gives any frame without decoding those before it.</summary>
public interface IIndexedClip : IVideoClip
{
    /// <summary>Reads one frame, as it is shown, at the source's size.</summary>
    /// <param name="index">The frame, from 0 to <see cref="VideoInfo.FrameCount"/> - 1.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The frame, which the caller disposes.</returns>
    /// <exception cref="Sdk.Errors.MediaException">It cannot be read.</exception>
    Task<VideoFrame> ReadFrameAsync(int index, CancellationToken cancellationToken);
}
