namespace MedGen.Evaluation.Studies;

/// <summary>The answers of about one confidence.</summary>
/// <param name="Answers">How many there are, over all trainings.</param>
/// <param name="Confidence">Mean of the highest probability.</param>
/// <param name="Accuracy">Share of them that are right.</param>
public sealed record ReliabilityBin(int Answers, double Confidence, double Accuracy);
