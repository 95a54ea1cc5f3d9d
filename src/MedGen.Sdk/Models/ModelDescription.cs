namespace MedGen.Sdk.Models;

/// <summary>The resident model, for provenance and for people.</summary>
public sealed record ModelDescription
{
    /// <summary>Name of the model folder.</summary>
    public required string Name { get; init; }

    /// <summary>Variant by its dimensions, for instance <c>Wan2.1-T2V-1.3B</c> or <c>custom</c>.</summary>
    public required string Variant { get; init; }

    /// <summary>SHA-256 over the names, sizes and headers of all weight files, lower-case hex.</summary>
    public required string Hash { get; init; }

    /// <summary>Device, for instance <c>cpu</c> or <c>cuda:0</c>.</summary>
    public required string Device { get; init; }

    /// <summary>Number type of the transformer's arithmetic: <c>float32</c> or <c>bfloat16</c>.</summary>
    public required string DataType { get; init; }

    /// <summary>
    /// Kernels that the device computes with, for instance <c>avx512-bf16</c>, <c>avx2</c> or <c>cuda</c>; empty: not known. Others round
    /// differently.
    /// </summary>
    public string Kernels { get; init; } = "";

    /// <summary>Number of parameters of transformer, text encoder and autoencoder together.</summary>
    public required long Parameters { get; init; }

    /// <summary>Longest prompt in tokens, end of sequence included.</summary>
    public required int MaxTextTokens { get; init; }

    /// <summary>Whether the weights are trained; false for the random fixture, whose clips are noise.</summary>
    public required bool IsTrained { get; init; }

    /// <summary>Whether a clip can begin with a given picture (image to video): the model was trained with clean first frames.</summary>
    public bool TakesFirstFrame { get; init; }

    /// <summary>Whether every clip must begin with a given picture: neither text alone nor a clip will do.</summary>
    public bool NeedsFirstFrame { get; init; }

    /// <summary>The sizes of clips that it makes.</summary>
    public GenerationSizes Sizes { get; init; } = new();

    /// <summary>Licence of the weights, for instance <c>Apache-2.0</c>; empty: the model's card does not state it.</summary>
    public string License { get; init; } = "";

    /// <summary>What a generation takes where a request says nothing.</summary>
    public GenerationDefaults Defaults { get; init; } = new();

    /// <summary>The words that it was trained on; null: not known.</summary>
    public PromptLexicon? Lexicon { get; init; }

    /// <summary>The recordings that it was trained on; null: not known.</summary>
    public TrainingData? TrainingData { get; init; }
}
