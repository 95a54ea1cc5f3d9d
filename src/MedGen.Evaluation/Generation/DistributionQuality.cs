namespace MedGen.Evaluation.Generation;

/// <summary>
/// How a set of clips lies to the held-out clips, in the classifier's feature space (mean over frames, principal components of the training clips).
/// </summary>
/// <param name="Clips">Number of clips.</param>
/// <param name="Frechet">Fréchet distance (arXiv 1706.08500), 0 for equal distributions.</param>
/// <param name="Kernel">Kernel distance (arXiv 1801.01401), around 0 for equal distributions.</param>
/// <param name="Discrepancy">1000 times the squared maximum mean discrepancy of CMMD (arXiv 2401.09603), 0 for equal samples.</param>
/// <param name="Precision">Share of its clips that lie among held-out ones (arXiv 1904.06991, k = 3).</param>
/// <param name="Recall">Share of the held-out clips that lie among its own.</param>
/// <param name="Density">How densely its clips lie among held-out ones (arXiv 2002.09797, k = 5), 1 for equal distributions.</param>
/// <param name="Coverage">Share of the held-out clips that have one of its clips near.</param>
public sealed record DistributionQuality(
    int Clips, double Frechet, double Kernel, double Discrepancy, double Precision, double Recall, double Density, double Coverage);
