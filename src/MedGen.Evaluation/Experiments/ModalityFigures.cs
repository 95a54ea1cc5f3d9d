using MedGen.Evaluation.Metrics;

namespace MedGen.Evaluation.Experiments;

/// <summary>The same figures of generated and of held-out simulated clips of one kind.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Modality">DICOM defined term.</param>
/// <param name="Clips">Clips of each.</param>
/// <param name="Discrepancy">MMD of generated and held-out clips in the judge's features; see <see cref="MaximumMeanDiscrepancy"/>.</param>
/// <param name="Floor">The same of two halves of simulated clips, as many.</param>
/// <param name="Motion">Motion of the generated ones.</param>
/// <param name="ReferenceMotion">Motion of the simulated ones.</param>
/// <param name="Sharpness">Mean absolute Laplacian of the generated ones, in grey levels.</param>
/// <param name="ReferenceSharpness">That of the simulated ones.</param>
public sealed record ModalityFigures(
    string Kind, string Modality, int Clips, double Discrepancy, double Floor, MotionStatistics Motion, MotionStatistics ReferenceMotion,
    double Sharpness, double ReferenceSharpness);
