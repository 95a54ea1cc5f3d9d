using MedGen.Sdk.Frames;

namespace MedGen.Classifiers.Training.Dicom;

/// <summary>A DICOM file as 8-bit pictures.</summary>
public static class DicomPictures
{
    /// <summary>
    /// Reads a file as the trainings show it: CT in four windows (soft tissue, lung, bone, brain), others from the 1st to the 99th percentile.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="modalityCode">Its DICOM modality code.</param>
    /// <param name="maxFrames">Most frames of the file that are taken, evenly; at least 1.</param>
    /// <returns>Pictures of one size, which the caller disposes; null when the pixels are compressed or coloured.</returns>
    /// <exception cref="Sdk.Errors.MediaException">The file is no DICOM file, is broken or cut short, or states more frames than it has.</exception>
    public static IReadOnlyList<VideoFrame>? Read(string path, string modalityCode, int maxFrames)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(modalityCode);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxFrames, 1);
        return DicomSlices.Read(path) is { } slices ? [.. DicomWindow.Show(slices, modalityCode, maxFrames)] : null;
    }
}
