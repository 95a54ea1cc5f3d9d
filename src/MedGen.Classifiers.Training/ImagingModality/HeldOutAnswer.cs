using MedGen.Classifiers.Modality;
using MedGen.Datasets.Reading;

namespace MedGen.Classifiers.Training.ImagingModality;

/// <summary>The uncalibrated answer for a clip by a discriminant that had not seen its group.</summary>
/// <param name="Clip">The clip; null for a drawn picture.</param>
/// <param name="Kind">Label, or kind of drawn picture.</param>
/// <param name="Truth">Index of the true label; −1 for what is none of them.</param>
/// <param name="Score">The score.</param>
/// <param name="NewSource">Whether no clip of the same label and source was trained on.</param>
internal sealed record HeldOutAnswer(ModalityItem? Clip, string Kind, int Truth, ModalityScore Score, bool NewSource);
