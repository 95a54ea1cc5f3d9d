using MedGen.Classifiers.Training.SurgicalPhase.Evaluation;

namespace MedGen.Classifiers.Training.SurgicalPhase;

/// <summary>What a training run found on the videos that it was not fitted on.</summary>
public sealed record PhaseTrainingEvaluation
{
    /// <summary>The data, for people.</summary>
    public required string Data { get; init; }

    /// <summary>Names of the videos that the networks were fitted on.</summary>
    public required IReadOnlyList<string> Train { get; init; }

    /// <summary>Names of the videos on which weights, temperature and change cost were chosen.</summary>
    public required IReadOnlyList<string> Validation { get; init; }

    /// <summary>Names of the videos that all figures are about.</summary>
    public required IReadOnlyList<string> Test { get; init; }

    /// <summary>Mean length of a video in s.</summary>
    public required double MeanSeconds { get; init; }

    /// <summary>Optimiser steps of the frame network.</summary>
    public required int FrameSteps { get; init; }

    /// <summary>Passes of the temporal network over the training videos.</summary>
    public required int Epochs { get; init; }

    /// <summary>Seed of the run.</summary>
    public required int Seed { get; init; }

    /// <summary>Most probable phase of each second, from that and earlier seconds only; strict.</summary>
    public required PhaseEvaluation Online { get; init; }

    /// <summary>The same answers under the relaxed protocol; null where it is not defined.</summary>
    public PhaseEvaluation? OnlineRelaxed { get; init; }

    /// <summary>The same answers as the published script evaluates them; null where it is not defined.</summary>
    public PhaseEvaluation? OnlineRelaxedMatlab { get; init; }

    /// <summary>Course of the whole video, decoded with the workflow when it has ended; strict.</summary>
    public required PhaseEvaluation Offline { get; init; }

    /// <summary>Temperature fitted on the validation videos.</summary>
    public required double Temperature { get; init; }

    /// <summary>Expected calibration error of the test videos at temperature 1, 0 to 1.</summary>
    public required double CalibrationErrorBefore { get; init; }

    /// <summary>The same at the fitted temperature.</summary>
    public required double CalibrationErrorAfter { get; init; }

    /// <summary>Price of a known change in nats, chosen on the validation videos.</summary>
    public required double ChangeCost { get; init; }
}
