using MedGen.Sdk.Frames;

namespace MedGen.Curation.Stages;

/// <summary>Scores a clip, for instance as DOVER or an aesthetic predictor does.</summary>
public interface IQualityScorer
{
    /// <summary>Scores a clip.</summary>
    /// <param name="clip">The cut clip.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The score, in the scorer's own range.</returns>
    /// <exception cref="Sdk.Errors.MedGenException">The clip cannot be scored.</exception>
    Task<double> ScoreAsync(IVideoClip clip, CancellationToken cancellationToken);
}
