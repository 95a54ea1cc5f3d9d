using System.ComponentModel.DataAnnotations;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Errors;
using MedGen.Datasets.Specifications;
using MedGen.Training.Recipes;
using MedGen.Sdk.Generation;

namespace MedGen.Evaluation.Generation;

/// <summary>
/// What a generating model is measured on: prompts, how clips are made for them, and which data it was trained on. A JSON file like a recipe.
/// </summary>
public sealed record GenerationEvaluationSpec
{
    /// <summary>Name for the report.</summary>
    [StringLength(64, MinimumLength = 1)]
    public required string Name { get; init; }

    /// <summary>Folder of the model, relative to the file.</summary>
    public required string Model { get; init; }

    /// <summary>The recipe that trained it, relative to the file: what its sources hold out, the model never saw.</summary>
    public required string Training { get; init; }

    /// <summary>Weights of the imaging-modality classifier, relative to the file. It must not have been trained on generated clips.</summary>
    public required string Classifier { get; init; }

    /// <summary>What is asked for, 2 to 64 prompts.</summary>
    [MinLength(2)]
    [MaxLength(64)]
    public required IReadOnlyList<EvaluationPrompt> Prompts { get; init; }

    /// <summary>
    /// Clips for each prompt, with seeds one after the other; and as many simulated clips of its kind, held out and trained on, to compare with. 4 to
    /// 1,000; default 16.
    /// </summary>
    [Range(4, 1000)]
    public int Seeds { get; init; } = 16;

    /// <summary>Seed of the first clip of each prompt. Default 1000.</summary>
    [Range(0, 1_000_000_000)]
    public int FirstSeed { get; init; } = 1000;

    /// <summary>Seed of the first held-out simulated clip; the recipe must not reach it. Default 1,000,000.</summary>
    [Range(0, 1_000_000_000)]
    public int HeldOutSeed { get; init; } = 1_000_000;

    /// <summary>Width in px, a multiple of 16. 32 to 1024; default 128.</summary>
    [Range(32, 1024)]
    public int Width { get; init; } = 128;

    /// <summary>Height in px, a multiple of 16. 32 to 1024; default 128.</summary>
    [Range(32, 1024)]
    public int Height { get; init; } = 128;

    /// <summary>Frames, 4k + 1. 5 to 257; default 17.</summary>
    [Range(5, GenerationLimits.MaxFrames)]
    public int NumFrames { get; init; } = 17;

    /// <summary>Frames per second. 1 to 60; default 8.</summary>
    [Range(1.0, 60.0)]
    public double FramesPerSecond { get; init; } = 8;

    /// <summary>Shape of the clips.</summary>
    internal ClipShape Shape => new() { Width = Width, Height = Height, NumFrames = NumFrames, FramesPerSecond = FramesPerSecond };

    /// <summary>How clips are sampled; its prompts and seed are not used.</summary>
    public SampleOptions Samples { get; init; } = new();

    /// <summary>Reads a specification.</summary>
    /// <param name="path">The JSON file.</param>
    /// <returns>The specification, with its paths made absolute.</returns>
    /// <exception cref="InvalidInputException">The file is missing or is no JSON, or fields are unknown, missing or out of range; all are
    /// named.</exception>
    public static GenerationEvaluationSpec Read(string path)
    {
        GenerationEvaluationSpec spec = SpecificationJson.Read<GenerationEvaluationSpec>(path, "--spec");
        Violations violations = new();
        violations.Declared(spec);
        violations.Require(spec.Width % 16 == 0, "width", $"got {spec.Width}", $"multiples of 16");
        violations.Require(spec.Height % 16 == 0, "height", $"got {spec.Height}", $"multiples of 16");
        violations.Require(spec.NumFrames % 4 == 1, "num_frames", $"got {spec.NumFrames}", $"4k + 1");
        violations.ThrowIfAny();
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return spec with
        {
            Model = Path.GetFullPath(spec.Model, folder), Training = Path.GetFullPath(spec.Training, folder), Classifier = Path.GetFullPath(
                spec.Classifier, folder),
        };
    }
}
