using MedGen.Sdk.Errors;

namespace MedGen.Classifiers.Networks;

/// <summary>What a weights file says of itself.</summary>
public sealed record FrameClassifierMetadata
{
    /// <summary>Labels in the order of the network's outputs, at least 2.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Number of networks whose log-probabilities are averaged, 1 to 8.</summary>
    public required int Members { get; init; }

    /// <summary>Temperature and refusal threshold.</summary>
    public required FrameCalibration Calibration { get; init; }

    /// <summary>SHA-256 in lower-case hex of the training manifest and, where simulated clips were added, the statement of which.</summary>
    public required string TrainingDataHash { get; init; }

    /// <summary>Seed of the training run.</summary>
    public required int Seed { get; init; }

    /// <summary>Optimiser steps of each network.</summary>
    public required int Steps { get; init; }

    internal void Validate(string fileName)
    {
        if (Labels.Count < 2 || Labels.Distinct().Count() != Labels.Count || Members is < 1 or > 8
            || !(Calibration.Temperature > 0) || !(Calibration.MinConfidence is >= 0 and <= 1))
        {
            throw new ModelFormatException(
                fileName,
                $"{fileName}: {Labels.Count} labels, {Members} networks, temperature {Calibration.Temperature},"
                + $" threshold {Calibration.MinConfidence};"
                + " at least 2 different labels, 1 to 8 networks, a temperature above 0 and a threshold of 0 to 1 are expected.");
        }
    }
}
