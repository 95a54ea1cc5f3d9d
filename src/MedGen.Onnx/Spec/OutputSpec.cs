using MedGen.Sdk.Analysis;

namespace MedGen.Onnx.Spec;

/// <summary>What one of the network's outputs means.</summary>
internal sealed record OutputSpec
{
    /// <summary>Name that findings refer to; lower-case letters, digits and hyphens, 1 to 64.</summary>
    public required string Name { get; init; }

    /// <summary>What it says, in a sentence.</summary>
    public required string Description { get; init; }

    /// <summary>What the numbers are.</summary>
    public required OutputMeaning Meaning { get; init; }

    /// <summary>Name of the network's output; null: it has one. Of <see cref="OutputMeaning.Detection"/>: the boxes.</summary>
    public string? Tensor { get; init; }

    /// <summary>What makes probabilities of the numbers; needed where there are labels for every number, and nowhere else.</summary>
    public Activation? Activation { get; init; }

    /// <summary>Of a classification: whether exactly one label holds. Null: yes, unless the activation is a sigmoid.</summary>
    public bool? Exclusive { get; init; }

    /// <summary>
    /// The labels in the network's order, each a text or an object with <c>name</c> and <c>code</c>; of
    /// <see cref="OutputMeaning.Segmentation"/> and <see cref="OutputMeaning.Detection"/> a null stands for the background.
    /// </summary>
    public IReadOnlyList<OutputLabel?> Labels { get; init; } = [];

    /// <summary>
    /// Least probability of a label that is said, of a mask's pixel, or of a box; in [0, 1]. Default 0.5. An exclusive output without an
    /// <see cref="AbstentionLabel"/> always says the likeliest.
    /// </summary>
    public double Threshold { get; init; } = 0.5;

    /// <summary>Of exclusive labels: what is said when no label reaches <see cref="Threshold"/>; null: the likeliest label is always said.</summary>
    public string? AbstentionLabel { get; init; }

    /// <summary>Of a measurement: its unit in UCUM.</summary>
    public string? Unit { get; init; }

    /// <summary>Of a measurement: smallest value that can be; what is below is brought up to it. Null: no limit.</summary>
    public double? Minimum { get; init; }

    /// <summary>Of a measurement: largest value that can be; what is above is brought down to it. Null: no limit.</summary>
    public double? Maximum { get; init; }

    /// <summary>Of a measurement: what the network's number is multiplied by. Default 1.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>Of a measurement: what is added after that. Default 0.</summary>
    public double Offset { get; init; }

    /// <summary>Of a detection: name of the network's output of scores, [boxes].</summary>
    public string? ScoresTensor { get; init; }

    /// <summary>Of a detection: name of the network's output of label numbers, [boxes].</summary>
    public string? LabelsTensor { get; init; }

    /// <summary>What is looked for, as a term of a terminology; null: there is none.</summary>
    public CodedTerm? Code { get; init; }
}

/// <summary>What the numbers of an output are.</summary>
internal enum OutputMeaning
{
    /// <summary>[1, labels]: which labels the frame has. The clip has the mean of its frames.</summary>
    Classification,

    /// <summary>[1] or [1, 1]: a measurement. The clip has the mean of its frames.</summary>
    Regression,

    /// <summary>[1, labels, height, width] in any height and width: what each pixel belongs to.</summary>
    Segmentation,

    /// <summary>
    /// Boxes [n, 4] as left, top, right, bottom in px of the network's input, scores [n] and label numbers [n], as torchvision exports its detectors.
    /// </summary>
    Detection,
}

/// <summary>What makes probabilities of a network's numbers.</summary>
internal enum Activation
{
    /// <summary>They are probabilities already.</summary>
    None,

    /// <summary>Softmax over the labels.</summary>
    Softmax,

    /// <summary>The logistic function of each number.</summary>
    Sigmoid,
}
