namespace MedGen.Datasets.Augmentation;

/// <summary>
/// How a training went: flow-matching losses, means over a tenth of its steps. No held-out clip reaches it, so there is no held-out loss.
/// </summary>
/// <param name="FirstLoss">Over the first tenth.</param>
/// <param name="LastLoss">Over the last tenth.</param>
public sealed record AdapterTrainingResult(double FirstLoss, double LastLoss);
