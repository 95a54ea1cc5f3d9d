using MedGen.Sdk.Frames;

namespace MedGen.Media;

/// <summary>
/// Opens stored films and pictures: whatever ffmpeg decodes, out of a fixed list of container formats; DICOM and NIfTI files, told by their
/// content; and a folder of single DICOM slices as one clip.
/// </summary>
public interface IVideoReader
{
    /// <summary>Looks at a file and gives a clip that can be read any number of times, each time by a decoder process of its own.</summary>
    /// <param name="path">A local file, or a folder of slices of one DICOM series.</param>
    /// <param name="cancellationToken">Stops the look at the file.</param>
    /// <returns>The clip. A still is a clip of one frame without a frame rate.</returns>
    /// <exception cref="Sdk.Errors.MediaException">The file is missing, empty, not media, has no picture, or its pictures are too large.</exception>
    /// <exception cref="Sdk.Errors.FailedPreconditionException">ffmpeg is not installed, or what decodes compressed DICOM.</exception>
    Task<IVideoClip> OpenAsync(string path, CancellationToken cancellationToken);

    /// <summary>
    /// The same, but of films only the frames that they store whole (keyframes), which takes a small part of the time. Of DICOM and NIfTI files and
    /// of stills: all frames.
    /// </summary>
    /// <param name="path">A local file, or a folder of slices of one DICOM series.</param>
    /// <param name="cancellationToken">Stops the look at the file.</param>
    /// <returns>
    /// The clip; its <see cref="IVideoClip.Info"/> is that of the whole film. A film that breaks off between keyframes is not told.
    /// </returns>
    /// <exception cref="Sdk.Errors.MediaException">As <see cref="OpenAsync"/>.</exception>
    /// <exception cref="Sdk.Errors.FailedPreconditionException">As <see cref="OpenAsync"/>.</exception>
    Task<IVideoClip> OpenKeyframesAsync(string path, CancellationToken cancellationToken);

    /// <summary>Looks at the slices of one DICOM series, which are a clip in the order of their places.</summary>
    /// <param name="name">What they are called together in errors.</param>
    /// <param name="paths">Local files of one frame each, 1 to 10,000, in any order.</param>
    /// <param name="cancellationToken">Stops the look at the files.</param>
    /// <returns>The clip.</returns>
    /// <exception cref="Sdk.Errors.MediaException">One is no DICOM file, or they are of several series, sizes or frames.</exception>
    Task<IVideoClip> OpenSlicesAsync(string name, IReadOnlyList<string> paths, CancellationToken cancellationToken);
}
