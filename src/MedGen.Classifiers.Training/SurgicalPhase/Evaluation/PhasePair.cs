using MedGen.Sdk.Errors;

namespace MedGen.Classifiers.Training.SurgicalPhase.Evaluation;

/// <summary>Truth and prediction of one video, line by line.</summary>
public sealed record PhasePair
{
    /// <summary>The video.</summary>
    public required string Video { get; init; }

    /// <summary>True phase of each frame, from 0.</summary>
    public required IReadOnlyList<int> Truth { get; init; }

    /// <summary>Predicted phase of each frame, as many.</summary>
    public required IReadOnlyList<int> Predicted { get; init; }

    /// <summary>Predicted probability of each phase for each frame; null when unknown.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? Probabilities { get; init; }

    /// <summary>Every how many frames of the truth a prediction was made; 1 when the files have equal lengths.</summary>
    public int TruthStep { get; init; } = 1;

    /// <summary>
    /// Matches lines. Files of equal length are matched in order. A truth of every frame beside a prediction of every n-th frame (Cholec80 is
    /// annotated at 25 fps, models answer once a second) is read at the prediction's frames.
    /// </summary>
    /// <param name="video">The video.</param>
    /// <param name="prediction">The prediction.</param>
    /// <param name="truth">The truth.</param>
    /// <returns>The pair.</returns>
    /// <exception cref="InvalidInputException">The lengths differ, or lines of equal files tell of different frames.</exception>
    public static PhasePair Align(string video, PhaseAnnotation prediction, PhaseAnnotation truth)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(truth);
        // A video of another rate than the annotation counts its frames in another way, and those nearest to each second not even evenly; then the
        // times tell.
        IReadOnlyList<long>? atAnnotationRate = prediction.Seconds?.Select(PhaseExport.Cholec80Frame).ToList();
        int step = 1;
        if (prediction.Phases.Count == truth.Phases.Count)
        {
            CheckSameFrames(video, prediction, atAnnotationRate, truth);
        }
        else
        {
            step = EveryNth(prediction.Frames, truth) ?? EveryNth(atAnnotationRate, truth) ?? throw new InvalidInputException(
                "pred",
                $"Video {video}: the prediction {prediction.Source} has {prediction.Phases.Count} frames, the truth {truth.Source} has "
                + $"{truth.Phases.Count}; equal lengths are expected, or a"
                + " prediction for every n-th frame of the truth, to its end.");
        }

        return new PhasePair
        {
            Video = video,
            Truth = step == 1 ? truth.Phases : [.. truth.Phases.Where((_, i) => i % step == 0)],
            Predicted = prediction.Phases,
            Probabilities = prediction.Probabilities,
            TruthStep = step,
        };
    }

    // Each file may count in its own way (1 a second, or by the video's frames), but with gaps in one of them lines would tell of different moments.
    private static void CheckSameFrames(string video, PhaseAnnotation prediction, IReadOnlyList<long>? atAnnotationRate, PhaseAnnotation truth)
    {
        if ((Step(prediction.Frames) ?? (atAnnotationRate is null ? null : Step(atAnnotationRate))) is not null && Step(truth.Frames) is not null)
        {
            return;
        }

        for (int i = 0; i < truth.Frames.Count; i++)
        {
            if (prediction.Frames[i] != truth.Frames[i])
            {
                throw new InvalidInputException(
                    "pred",
                    $"Video {video}: entry {i + 1} of {prediction.Source} is about frame {prediction.Frames[i]}, that of {truth.Source} about frame "
                        + $"{truth.Frames[i]}.");
            }
        }
    }

    private static int? EveryNth(IReadOnlyList<long>? frames, PhaseAnnotation truth) =>
        frames is not null && Step(frames) is { } step and > 1 && Step(truth.Frames) == 1 && frames[0] == truth.Frames[0]
            && frames.Count == (truth.Phases.Count + step - 1) / step ? step : null;

    private static int? Step(IReadOnlyList<long> frames)
    {
        long step = frames.Count < 2 ? 1 : frames[1] - frames[0];
        for (int i = 1; i < frames.Count; i++)
        {
            if (frames[i] - frames[i - 1] != step)
            {
                return null;
            }
        }

        return (int)Math.Min(step, int.MaxValue);
    }
}
