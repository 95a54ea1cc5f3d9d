namespace MedGen.Training.ImagingModality;

/// <summary>The uncalibrated answer for a clip by a network that had not seen its group.</summary>
/// <param name="Clip">The clip; null for a drawn outlier.</param>
/// <param name="Kind">Label or kind of outlier.</param>
/// <param name="Truth">Index of the true label; −1 for an outlier.</param>
/// <param name="MeanLog">Mean log-probabilities of the frames; null when every frame is flat.</param>
/// <param name="NewSource">Whether no clip of the same label and source was trained on.</param>
internal sealed record HeldOutAnswer(ModalityItem? Clip, string Kind, int Truth, IReadOnlyList<double>? MeanLog, bool NewSource);
