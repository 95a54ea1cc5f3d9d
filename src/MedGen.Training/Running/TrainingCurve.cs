namespace MedGen.Training.Running;

/// <summary>A quantity over the steps of a run.</summary>
/// <param name="Training">Steps done and value, of training batches.</param>
/// <param name="Validation">Steps done and value, on held-out clips; may be empty.</param>
internal sealed record TrainingCurve(IReadOnlyList<(int Step, double Value)> Training, IReadOnlyList<(int Step, double Value)> Validation);
