using MedGen.Classifiers.Networks;
using MedGen.Sdk.Errors;

namespace MedGen.Classifiers.Temporal;

/// <summary>What a phase recogniser's file says of itself.</summary>
public sealed record PhaseRecognizerMetadata
{
    /// <summary>Phases in the order of the network's outputs, at least 2.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Known changes of phase: pairs of positions in <see cref="Labels"/>, from and to.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Transitions { get; init; }

    /// <summary>Sizes of the temporal network.</summary>
    public required TemporalNetworkConfig Temporal { get; init; }

    /// <summary>Divides the logits before the softmax; above 0. Fitted on videos that the networks had not seen.</summary>
    public required double Temperature { get; init; }

    /// <summary>Price in nats of a known change when a finished video is decoded as a whole, at least 0; fitted on the same videos.</summary>
    public required double ChangeCost { get; init; }

    /// <summary>What the networks were trained on, for people.</summary>
    public required string TrainingData { get; init; }

    /// <summary>SHA-256 of the training labels and names in lower-case hex.</summary>
    public required string TrainingDataHash { get; init; }

    /// <summary>Seed of the training run.</summary>
    public required int Seed { get; init; }

    /// <summary>The known changes as a graph.</summary>
    /// <returns>The graph.</returns>
    public WorkflowGraph Graph() => new(Labels.Count, Transitions.Select(t => (t[0], t[1])));

    internal void Validate(string fileName)
    {
        Violations violations = new();
        violations.Declared(Temporal);
        bool sizes = violations.Found.Count == 0;
        bool transitions = Transitions.All(t => t.Count == 2 && t.All(l => l >= 0 && l < Labels.Count));
        if (Labels.Count < 2 || Labels.Distinct().Count() != Labels.Count || !sizes || !transitions || Temporal.Classes != Labels.Count
            || Temporal.FeatureLength != FrameNetwork.FeatureLength || !(Temperature > 0) || !(ChangeCost >= 0))
        {
            throw new ModelFormatException(
                fileName,
                $"{fileName}: {Labels.Count} labels, {Temporal.Classes} classes, {Temporal.FeatureLength} features, {Temporal.Maps} maps,"
                + $" {Temporal.Layers} layers,"
                + $" {Temporal.Stages} stages, temperature {Temperature}, change cost {ChangeCost}; at least 2 different labels, as many classes,"
                + $" {FrameNetwork.FeatureLength} features, a temperature above 0, a cost of at least 0"
                + " and transitions between labels are expected.");
        }
    }
}
