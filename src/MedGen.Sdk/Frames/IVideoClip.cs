namespace MedGen.Sdk.Frames;

/// <summary>A source of frames: a stored clip, a still, or a live stream.</summary>
public interface IVideoClip
{
    /// <summary>What is known before decoding.</summary>
    VideoInfo Info { get; }

    /// <summary>
    /// Whether frames arrive while they are produced; such a clip can be read once and ignores <see cref="FrameSampling"/>'s sizes.
    /// </summary>
    bool IsLive { get; }

    /// <summary>
    /// Decodes frames in presentation order. The stream is bounded: decoding waits for the reader, so a film of any length needs memory
    /// for a few frames only. The reader disposes each frame.
    /// </summary>
    /// <param name="sampling">Which frames, at what size.</param>
    /// <param name="cancellationToken">Stops decoding and ends the decoder.</param>
    /// <returns>The frames.</returns>
    /// <exception cref="Errors.MediaException">The source cannot be decoded; also in the middle of the stream when it is cut short.</exception>
    IAsyncEnumerable<VideoFrame> ReadFramesAsync(FrameSampling sampling, CancellationToken cancellationToken);
}
