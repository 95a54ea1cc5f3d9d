namespace MedGen.Evaluation.Studies;

/// <summary>A figure with its 95 % interval.</summary>
/// <param name="Value">The figure.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public sealed record IntervalEstimate(double Value, double Low, double High);
