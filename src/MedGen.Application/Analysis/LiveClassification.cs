using MedGen.Application.Jobs;
using MedGen.Sdk.Classification;

namespace MedGen.Application.Analysis;

/// <summary>One answer of a live classification, with what is needed to read it.</summary>
public sealed record LiveClassification
{
    /// <summary>The answer: <see cref="FramePrediction"/>s and <see cref="TransitionDetected"/>s, then one <see cref="ClipPrediction"/>.</summary>
    public required ClassificationUpdate Update { get; init; }

    /// <summary>Who answers: plugin, task, and the labels in the order of the probabilities.</summary>
    public required ClassifierIdentity Classifier { get; init; }
}
