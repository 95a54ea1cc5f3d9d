namespace MedGen.Training.GenerationQuality;

/// <summary>How a set of clips lies to the held-out clips, in the classifier's feature space (mean over frames, principal components of the training clips).</summary>
/// <param name="Frechet">Fréchet distance (arXiv 1706.08500), 0 for equal distributions.</param>
/// <param name="Precision">Share of its clips that lie among held-out ones (arXiv 1904.06991, k = 3).</param>
/// <param name="Recall">Share of the held-out clips that lie among its own.</param>
public sealed record DistributionQuality(double Frechet, double Precision, double Recall);
