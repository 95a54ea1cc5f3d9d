using MedGen.Sdk.Frames;

namespace MedGen.Media;

/// <summary>Opens stored films and pictures: whatever ffmpeg decodes, out of a fixed list of container formats.</summary>
public interface IVideoReader
{
    /// <summary>Looks at a file and gives a clip that can be read any number of times, each time by a decoder process of its own.</summary>
    /// <param name="path">A local file.</param>
    /// <param name="cancellationToken">Stops the look at the file.</param>
    /// <returns>The clip. A still is a clip of one frame without a frame rate.</returns>
    /// <exception cref="Sdk.Errors.MediaException">The file is missing, empty, not media, has no picture, or its pictures are too large.</exception>
    /// <exception cref="Sdk.Errors.FailedPreconditionException">ffmpeg is not installed.</exception>
    Task<IVideoClip> OpenAsync(string path, CancellationToken cancellationToken);
}
