using System.Text.Json.Serialization;

namespace MedGen.Training.Running;

/// <summary>One line of a training's log.</summary>
public sealed record TrainingProgress
{
    /// <summary>What is trained: autoencoder, decoder, text, text+flow, flow or lora.</summary>
    public required string Run { get; init; }

    /// <summary>What is being done: <c>prepare</c>, <c>train</c>, <c>validate</c>, <c>warning</c>, <c>done</c>.</summary>
    public required string Event { get; init; }

    /// <summary>Name of the curriculum's stage; null outside of one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Stage { get; init; }

    /// <summary>Steps (or items) done.</summary>
    public int Done { get; init; }

    /// <summary>Steps (or items) in all.</summary>
    public int Total { get; init; }

    /// <summary>Mean loss of the step, before the weights were changed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Loss { get; init; }

    /// <summary>Length of the gradient before clipping.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? GradientNorm { get; init; }

    /// <summary>Learning rate of the step.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? LearningRate { get; init; }

    /// <summary>Clips a second, over the last steps.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ClipsPerSecond { get; init; }

    /// <summary>Further numbers by name, for instance <c>psnr</c> in dB.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, double>? Metrics { get; init; }

    /// <summary>What to tell a person.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Message { get; init; }
}
