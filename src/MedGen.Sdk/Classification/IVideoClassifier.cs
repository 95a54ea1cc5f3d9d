using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Sdk.Classification;

/// <summary>A plugin's capability to say what a clip shows.</summary>
public interface IVideoClassifier
{
    /// <summary>What is classified, and into which labels.</summary>
    ClassifierDescription Description { get; }

    /// <summary>
    /// Classifies a clip. For a live clip a <see cref="FramePrediction"/> follows each analysed frame at once and depends on earlier frames only.
    /// </summary>
    /// <param name="clip">The clip; the classifier reads the frames that it wants.</param>
    /// <param name="options">The caller's wishes.</param>
    /// <param name="cancellationToken">Ends this classification and no other.</param>
    /// <returns>
    /// A <see cref="FramePrediction"/> for each analysed frame, <see cref="TransitionDetected"/>s between them, then one
    /// <see cref="ClipPrediction"/>.
    /// </returns>
    /// <exception cref="InvalidInputException">A parameter is unknown or out of range; the field is <c>parameters.NAME</c>.</exception>
    /// <exception cref="MediaException">The clip cannot be decoded.</exception>
    IAsyncEnumerable<ClassificationUpdate> ClassifyAsync(IVideoClip clip, ClassificationOptions options, CancellationToken cancellationToken);
}
