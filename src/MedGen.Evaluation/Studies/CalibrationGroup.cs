namespace MedGen.Evaluation.Studies;

/// <summary>Answers of about one size.</summary>
/// <param name="Answers">How many there are, over all trainings.</param>
/// <param name="Predicted">Their mean.</param>
/// <param name="True">Mean of the true numbers.</param>
public sealed record CalibrationGroup(int Answers, double Predicted, double True);
