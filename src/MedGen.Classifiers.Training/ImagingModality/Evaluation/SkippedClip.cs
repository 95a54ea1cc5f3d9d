namespace MedGen.Classifiers.Training.ImagingModality.Evaluation;

/// <summary>A file that is in no figure.</summary>
/// <param name="File">Its path in the folder.</param>
/// <param name="Reason">Why it could not be classified.</param>
public sealed record SkippedClip(string File, string Reason);
