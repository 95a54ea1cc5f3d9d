namespace MedGen.Classifiers.Networks;

/// <summary>What a frame classifier says of a frame or of several frames of one clip.</summary>
public sealed record FrameVerdict
{
    /// <summary>Index of the most probable label.</summary>
    public required int Best { get; init; }

    /// <summary>Calibrated probabilities in label order; their sum is 1.</summary>
    public required IReadOnlyList<double> Probabilities { get; init; }

    /// <summary>Whether the input is too unlike the training data, or too flat, to name a label.</summary>
    public required bool Abstained { get; init; }
}
