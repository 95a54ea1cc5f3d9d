using System.ComponentModel.DataAnnotations;
using MedGen.Torch.Operations;
using MedGen.Training.Optimization;

namespace MedGen.Training.Recipes;

/// <summary>One training run: what, on which stages, with which optimiser.</summary>
public sealed record RunRecipe
{
    /// <summary>What is trained.</summary>
    public required RunKind Kind { get; init; }

    /// <summary>The curriculum: stages one after the other, 1 to 32.</summary>
    [MinLength(1)]
    [MaxLength(32)]
    public required IReadOnlyList<StageRecipe> Stages { get; init; }

    /// <summary>
    /// <c>auto</c>, <c>float32</c> or <c>bfloat16</c>: what linears, convolutions and attention compute in; weights and optimiser are always float32.
    /// <c>auto</c> is bfloat16 where the device has it in hardware, else float32. Default float32, so that a recipe trains the same wherever it runs.
    /// </summary>
    [AllowedValues(NumberType.Auto, NumberType.Float32, NumberType.Bfloat16)]
    public string Dtype { get; init; } = NumberType.Float32;

    /// <summary><c>float32</c> or <c>bfloat16</c>: what the trained part is stored in. Default float32.</summary>
    [AllowedValues(NumberType.Float32, NumberType.Bfloat16)]
    public string Storage { get; init; } = NumberType.Float32;

    /// <summary>Optimiser.</summary>
    public OptimizerOptions Optimizer { get; init; } = new();

    /// <summary>Loss of an <c>autoencoder</c> or <c>decoder</c> run.</summary>
    public ReconstructionOptions Reconstruction { get; init; } = new();

    /// <summary>Noise and captions of the other runs; of a <c>text</c> run the captions alone.</summary>
    public FlowOptions Flow { get; init; } = new();

    /// <summary>What a <c>text</c> run learns from.</summary>
    public TextOptions Text { get; init; } = new();

    /// <summary>The adapter of a <c>lora</c> run.</summary>
    public LoraOptions? Lora { get; init; }

    /// <summary>Steps between checkpoints. 1 to 1,000,000; default 250.</summary>
    [Range(1, 1_000_000)]
    public int CheckpointEvery { get; init; } = 250;

    /// <summary>Steps between sample pictures, written at the end too; 0: only then. 0 to 1,000,000; default 500.</summary>
    [Range(0, 1_000_000)]
    public int SampleEvery { get; init; } = 500;

    /// <summary>Clips that the sample pictures of a flow show.</summary>
    public SampleOptions Samples { get; init; } = new();

    /// <summary>Held-out clips on which the loss is measured whenever samples are drawn; 0: none. 0 to 4096; default 0.</summary>
    [Range(0, 4096)]
    public int ValidationClips { get; init; }

    /// <summary>Threads that prepare clips and batches. 1 to 128; default 2.</summary>
    [Range(1, 128)]
    public int Workers { get; init; } = 2;

    /// <summary>Batches that each of them has ready at most. 1 to 64; default 2.</summary>
    [Range(1, 64)]
    public int ReadAhead { get; init; } = 2;

    /// <summary>Whether the run learns from pixels, in crops if the stage says so, rather than from latents.</summary>
    internal bool TrainsPixels => Kind is RunKind.Autoencoder or RunKind.Decoder;

    /// <summary>Whether the run makes a text encoder.</summary>
    internal bool TrainsText => Kind is RunKind.Text or RunKind.TextAndFlow;
}
