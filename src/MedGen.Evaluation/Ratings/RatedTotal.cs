namespace MedGen.Evaluation.Ratings;

/// <summary>The paper's total of a system.</summary>
/// <param name="System">The system.</param>
/// <param name="WarpingError">100 (mean − 1) / 4 of the rated warping error, in percent.</param>
/// <param name="Automatic">The automatic part, in percent.</param>
/// <param name="Total">((100 − WE) + IQ + SC + BC + MS) / 6.</param>
public sealed record RatedTotal(string System, double WarpingError, double Automatic, double Total);
