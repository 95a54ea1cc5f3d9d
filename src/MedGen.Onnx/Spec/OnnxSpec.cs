namespace MedGen.Onnx.Spec;

/// <summary>The content of <c>onnx.json</c>, in camelCase there: what a network takes, and what its numbers mean.</summary>
internal sealed record OnnxSpec
{
    /// <summary>Name of the file in the plugin's folder and its subfolders.</summary>
    public const string FileName = "onnx.json";

    /// <summary>The network's file, relative to the plugin's folder.</summary>
    public required string Model { get; init; }

    /// <summary>What the plugin does, in a sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>How a frame becomes the network's input.</summary>
    public required InputSpec Input { get; init; }

    /// <summary>Frames that are analysed in a second of the clip; null: every frame. Above 0, at most 240. Default 1.</summary>
    public double? FramesPerSecond { get; init; } = 1;

    /// <summary>What is looked for, 1 to 64.</summary>
    public required IReadOnlyList<OutputSpec> Outputs { get; init; }

    /// <summary>Licence of the weights as an SPDX expression; null: not stated.</summary>
    public string? License { get; init; }

    /// <summary>What it is made for, and what not; empty: not stated.</summary>
    public string IntendedUse { get; init; } = "";

    /// <summary>How good it was on which data, in words; empty: not stated.</summary>
    public string Evaluation { get; init; } = "";
}
