namespace MedGen.Classifiers.Training.ImagingModality.Evaluation;

/// <summary>What the classifier says of a clip whose modality is known.</summary>
/// <param name="Clip">The clip.</param>
/// <param name="Probabilities">Calibrated probability of each label that it was taught, in its own order; also when the answer was withheld.</param>
/// <param name="Abstained">Whether the answer was withheld.</param>
public sealed record LabelledAnswer(LabelledClip Clip, IReadOnlyList<double> Probabilities, bool Abstained);
