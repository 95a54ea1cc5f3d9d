namespace MedGen.Evaluation.Studies;

/// <summary>An arm without a clip to train on.</summary>
/// <param name="Arm">Its name.</param>
/// <param name="Fraction">Share of the training patients, above 0, at most 1.</param>
public sealed record LeftOutArm(string Arm, double Fraction);
