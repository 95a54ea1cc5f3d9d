namespace MedGen.Evaluation.VBench.Results;

/// <summary>A row of the paper's table.</summary>
/// <param name="Model">The model.</param>
/// <param name="Automatic">(IQ + SC + BC + MS) / 4, in percent.</param>
/// <param name="Total">The total with the warping error that people rated, in percent; null: not at hand here.</param>
public sealed record PublishedScore(string Model, double Automatic, double? Total);
