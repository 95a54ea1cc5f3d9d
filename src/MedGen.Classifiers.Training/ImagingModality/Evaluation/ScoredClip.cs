namespace MedGen.Classifiers.Training.ImagingModality.Evaluation;

/// <summary>The calibrated answer for a clip whose true label the classifier was taught.</summary>
/// <param name="Group">Patient, volume or recording.</param>
/// <param name="Truth">Index of the true label.</param>
/// <param name="Best">Index of the most probable label, also when it was withheld.</param>
/// <param name="Confidence">Its probability, 0 to 1.</param>
/// <param name="Abstained">Whether the answer was withheld.</param>
internal sealed record ScoredClip(string Group, int Truth, int Best, double Confidence, bool Abstained)
{
    public bool IsRight => Best == Truth;
}
