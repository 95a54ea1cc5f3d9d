namespace MedGen.Evaluation.Experiments;

/// <summary>A training of a data set of some size.</summary>
/// <param name="Recipe">The recipe's name.</param>
/// <param name="Clips">Clips that it trained on.</param>
/// <param name="Steps">Steps of the training.</param>
/// <param name="Loss">The last held-out loss.</param>
public sealed record DataSizeRow(string Recipe, int Clips, int Steps, double Loss);
