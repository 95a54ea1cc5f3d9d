namespace MedGen.Media.Cutting;

/// <summary>Cuts pieces out of stored films, without sound, metadata and chapters.</summary>
public interface IVideoCutter
{
    /// <summary>Lists the times at which a film can be cut without encoding it again. Packets are read, nothing is decoded.</summary>
    /// <param name="path">A local film.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Times of the keyframes from the start of the film, ascending; empty where the film has no keyframe with a time.</returns>
    /// <exception cref="Sdk.Errors.MediaException">The file is no film, or cannot be read to its end in time.</exception>
    Task<IReadOnlyList<TimeSpan>> ReadKeyframesAsync(string path, CancellationToken cancellationToken);

    /// <summary>Cuts a piece.</summary>
    /// <param name="path">A local film.</param>
    /// <param name="target">The MP4 file; one that is there is replaced. It appears when it is complete.</param>
    /// <param name="cut">What is cut.</param>
    /// <param name="cancellationToken">Stops; nothing is left then.</param>
    /// <returns>Completes when the file is there.</returns>
    /// <exception cref="Sdk.Errors.MediaException">The film cannot be read, or its codec cannot be copied into MP4.</exception>
    /// <exception cref="Sdk.Errors.InvalidInputException">The piece is empty, or a crop cannot be copied.</exception>
    /// <exception cref="Sdk.Errors.ResourceExhaustedException">The disk is full.</exception>
    Task CutAsync(string path, string target, VideoCut cut, CancellationToken cancellationToken);
}
