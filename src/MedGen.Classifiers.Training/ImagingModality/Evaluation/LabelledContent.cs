namespace MedGen.Classifiers.Training.ImagingModality.Evaluation;

/// <summary>What a labelled folder holds.</summary>
/// <param name="Clips">All clips, in the order of the listing; at least one.</param>
/// <param name="PassedOver">Count of the folder's files that are none, by extension in lower case or by <c>no extension</c>.</param>
public sealed record LabelledContent(IReadOnlyList<LabelledClip> Clips, IReadOnlyDictionary<string, int> PassedOver);
