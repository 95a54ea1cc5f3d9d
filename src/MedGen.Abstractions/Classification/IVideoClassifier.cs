using MedGen.Abstractions.Frames;

namespace MedGen.Abstractions.Classification;

/// <summary>A plugin's capability to say what a clip shows.</summary>
public interface IVideoClassifier
{
    /// <summary>What is classified, and into which labels.</summary>
    ClassifierDescription Description { get; }

    /// <summary>
    /// Classifies a clip. For a live clip a <see cref="FramePrediction"/> follows each analysed frame at once and depends on earlier frames only.
    /// </summary>
    /// <param name="clip">The clip; the classifier reads the frames that it wants.</param>
    /// <param name="cancellationToken">Ends this classification and no other.</param>
    /// <returns>A <see cref="FramePrediction"/> for each analysed frame, then one <see cref="ClipPrediction"/>.</returns>
    /// <exception cref="Errors.MediaException">The clip cannot be decoded.</exception>
    IAsyncEnumerable<ClassificationUpdate> ClassifyAsync(IVideoClip clip, CancellationToken cancellationToken);
}
