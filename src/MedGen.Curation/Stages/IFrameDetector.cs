using MedGen.Sdk.Frames;

namespace MedGen.Curation.Stages;

/// <summary>Finds faces, names or other identifiers in the frames of a clip.</summary>
public interface IFrameDetector
{
    /// <summary>Looks at a clip.</summary>
    /// <param name="clip">The cut clip.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Number of frames in which something was found.</returns>
    /// <exception cref="Sdk.Errors.MedGenException">The clip cannot be looked at.</exception>
    Task<int> CountFlaggedAsync(IVideoClip clip, CancellationToken cancellationToken);
}
