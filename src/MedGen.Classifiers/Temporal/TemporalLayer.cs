namespace MedGen.Classifiers.Temporal;

/// <summary>A dilated residual layer.</summary>
/// <param name="Dilated">From three frames to one, [Maps, Taps · Maps].</param>
/// <param name="Point">[Maps, Maps].</param>
/// <param name="Dilation">Frames between the taps.</param>
internal sealed record TemporalLayer(DenseLayer Dilated, DenseLayer Point, int Dilation);
