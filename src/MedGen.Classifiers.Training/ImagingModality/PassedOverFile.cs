namespace MedGen.Classifiers.Training.ImagingModality;

/// <summary>A listed file that is in no figure and was not trained on.</summary>
/// <param name="File">Its path in the manifest.</param>
/// <param name="Reason">Why.</param>
public sealed record PassedOverFile(string File, string Reason);
