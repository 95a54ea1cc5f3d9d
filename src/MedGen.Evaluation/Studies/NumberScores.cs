namespace MedGen.Evaluation.Studies;

/// <summary>What predicted numbers are worth: means over the trainings, each with its 95 % interval by patient and training.</summary>
public sealed record NumberScores
{
    /// <summary>Mean absolute error, in units of the label.</summary>
    public required IntervalEstimate MeanAbsoluteError { get; init; }

    /// <summary>Root of the mean squared error, in units of the label.</summary>
    public required IntervalEstimate RootMeanSquaredError { get; init; }

    /// <summary>
    /// R², 1 − squared errors over squared deviations from the test clips' mean: 0 for who always answers that mean, below it for worse.
    /// </summary>
    public required IntervalEstimate R2 { get; init; }

    /// <summary>Mean of predicted − true, in units of the label: calibration in the large.</summary>
    public required IntervalEstimate Bias { get; init; }

    /// <summary>
    /// Slope of the true numbers over the predicted ones: 1 where calibrated, below it where answers are too extreme; not a number where a training
    /// answers one number to all.
    /// </summary>
    public required IntervalEstimate CalibrationSlope { get; init; }

    /// <summary>Answers of all trainings in ten equal groups by their size.</summary>
    public required IReadOnlyList<CalibrationGroup> Calibration { get; init; }
}
