using MedGen.Sdk.Frames;

namespace MedGen.Media;

/// <summary>Writes frames as a file or a folder of pictures.</summary>
public interface IVideoWriter
{
    /// <summary>
    /// Writes all frames and disposes each. The file appears under its name only when it is complete; after an error or a cancellation
    /// nothing is left, and a file that was there before is untouched.
    /// </summary>
    /// <param name="path">The file, or for a PNG sequence the folder, which must not exist yet. An existing file is replaced.</param>
    /// <param name="frames">At least one frame, all of the size of the first. Index and timestamp of the frames do not matter here.</param>
    /// <param name="encoding">Kind, rate, quality, provenance.</param>
    /// <param name="cancellationToken">Stops the encoder and removes what it wrote.</param>
    /// <returns>How many frames were written.</returns>
    /// <exception cref="Sdk.Errors.InvalidInputException">An option is out of range, there is no frame, or a frame has another size than the
    /// first.</exception>
    /// <exception cref="Sdk.Errors.MediaException">The target cannot be written, or the encoder failed.</exception>
    /// <exception cref="Sdk.Errors.ResourceExhaustedException">The disk is full.</exception>
    /// <exception cref="Sdk.Errors.FailedPreconditionException">ffmpeg is not installed.</exception>
    Task<long> WriteAsync(string path, IAsyncEnumerable<VideoFrame> frames, VideoEncoding encoding, CancellationToken cancellationToken);
}
