using Google.Protobuf.WellKnownTypes;
using MedGen.Abstractions.Classification;
using MedGen.Application.Analysis;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Mapping;

internal static class PredictionMapping
{
    public static Proto.FramePrediction ToProto(this FramePrediction prediction, ClassifierIdentity classifier) => new()
    {
        FrameIndex = prediction.FrameIndex,
        Timestamp = Duration.FromTimeSpan(prediction.Timestamp),
        Label = prediction.Label,
        Probabilities = { Pair(classifier.Labels, prediction.Probabilities) },
    };

    public static Proto.ClipPrediction ToProto(this ClipPrediction prediction, ClassifierIdentity classifier) => new()
    {
        Label = prediction.Label,
        Probability = prediction.Probability,
        Probabilities = { Pair(classifier.Labels, prediction.Probabilities) },
        Abstained = prediction.Abstained,
        FrameCount = prediction.FrameCount,
        Classifier = classifier.ToProto(),
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
