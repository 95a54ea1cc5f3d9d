using MedGen.Sdk.Errors;

namespace MedGen.Classifiers.Modality;

/// <summary>What a weights file of the modality classifier says of itself.</summary>
public sealed record ModalityMetadata
{
    /// <summary>Labels in the order of the probabilities, at least 2.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Temperature and limits of abstention.</summary>
    public required ModalityCalibration Calibration { get; init; }

    /// <summary>SHA-256 in lower-case hex of the training manifests.</summary>
    public required string TrainingDataHash { get; init; }

    /// <summary>Seed of the training.</summary>
    public required int Seed { get; init; }

    internal void Validate(string fileName)
    {
        if (Labels.Count < 2 || Labels.Distinct().Count() != Labels.Count || !(Calibration.Temperature > 0))
        {
            throw new ModelFormatException(
                fileName,
                $"{fileName}: {Labels.Count} labels, temperature {Calibration.Temperature}; at least 2 different labels and "
                + "a temperature above 0 are expected.");
        }
    }
}
