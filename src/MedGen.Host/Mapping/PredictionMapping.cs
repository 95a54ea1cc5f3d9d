using Google.Protobuf.WellKnownTypes;
using MedGen.Application.Jobs;
using MedGen.Sdk.Classification;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Mapping;

internal static class PredictionMapping
{
    public static Proto.FramePrediction ToProto(this FramePrediction prediction, ClassifierIdentity classifier)
    {
        Proto.FramePrediction proto = new()
        {
            FrameIndex = prediction.FrameIndex,
            Timestamp = Duration.FromTimeSpan(prediction.Timestamp),
            Label = prediction.Label,
            Probabilities = { Pair(classifier.Labels, prediction.Probabilities) },
            State = prediction.State.ToProto(),
            Since = prediction.Since is { } since ? Duration.FromTimeSpan(since) : null,
        };
        if (prediction.Entropy is { } entropy)
        {
            proto.Entropy = entropy;
        }

        return proto;
    }

    public static Proto.LabelTransition ToProto(this TransitionDetected transition) => new()
    {
        FromLabel = transition.From,
        ToLabel = transition.To,
        DetectedAt = Duration.FromTimeSpan(transition.DetectedAt),
        OnsetEstimate = Duration.FromTimeSpan(transition.OnsetEstimate),
        Confidence = transition.Confidence,
        Legal = transition.IsLegal,
    };

    public static Proto.ClipPrediction ToProto(this ClipPrediction prediction, ClassifierIdentity classifier) => new()
    {
        Label = prediction.Label,
        Probability = prediction.Probability,
        Probabilities = { Pair(classifier.Labels, prediction.Probabilities) },
        Abstained = prediction.Abstained,
        FrameCount = prediction.FrameCount,
        Classifier = classifier.ToProto(),
        Timeline = prediction.Timeline?.ToProto(),
    };

    private static Proto.ClipTimeline ToProto(this ClipTimeline timeline) => new()
    {
        Segments =
        {
            timeline.Segments.Select(s => new Proto.LabelSegment
            {
                Label = s.Label,
                Start = Duration.FromTimeSpan(s.Start),
                End = Duration.FromTimeSpan(s.End),
                MeanProbability = s.MeanProbability,
                Legal = s.IsLegal,
            }),
        },
        MissingLabels = { timeline.MissingLabels },
        RepeatedLabels = { timeline.RepeatedLabels },
        LowConfidence =
        {
            timeline.LowConfidence.Select(i => new Proto.LowConfidenceInterval
            {
                Start = Duration.FromTimeSpan(i.Start),
                End = Duration.FromTimeSpan(i.End),
                LeastProbability = i.LeastProbability,
            }),
        },
        Frames =
        {
            timeline.Frames.Select(f => new Proto.TimelineFrame
            {
                FrameIndex = f.FrameIndex,
                Timestamp = Duration.FromTimeSpan(f.Timestamp),
                Label = f.Label,
                Probabilities = { f.Probabilities },
            }),
        },
        Refined = timeline.IsRefined,
    };

    private static Proto.PredictionState ToProto(this PredictionState state) => state switch
    {
        PredictionState.Unstated => Proto.PredictionState.Unspecified,
        PredictionState.Provisional => Proto.PredictionState.Provisional,
        PredictionState.Committed => Proto.PredictionState.Committed,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    private static Proto.Classifier ToProto(this ClassifierIdentity classifier) => new()
    {
        PluginId = classifier.PluginId,
        PluginVersion = classifier.PluginVersion,
        Task = classifier.Task,
        Labels = { classifier.Labels },
        AbstentionLabel = classifier.AbstentionLabel ?? "",
        WeightsHash = classifier.WeightsHash ?? "",
    };

    private static IEnumerable<Proto.LabelProbability> Pair(IEnumerable<string> labels, IEnumerable<double> probabilities) =>
        labels.Zip(probabilities, (label, probability) => new Proto.LabelProbability { Label = label, Probability = probability });
}
