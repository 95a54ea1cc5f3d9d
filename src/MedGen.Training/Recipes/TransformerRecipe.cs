using System.ComponentModel.DataAnnotations;

namespace MedGen.Training.Recipes;

/// <summary>Sizes of a Wan 2.1 transformer; patches are always 1 × 2 × 2 latents.</summary>
public sealed record TransformerRecipe
{
    /// <summary>Width. 12 to 8192.</summary>
    [Range(12, 8192)]
    public required int Dim { get; init; }

    /// <summary>Width of the feed-forward network. 8 to 32,768.</summary>
    [Range(8, 32_768)]
    public required int FeedForwardDim { get; init; }

    /// <summary>Attention heads; they divide <see cref="Dim"/> into even parts of at least 6. 1 to 128.</summary>
    [Range(1, 128)]
    public required int NumHeads { get; init; }

    /// <summary>Blocks. 1 to 64.</summary>
    [Range(1, 64)]
    public required int NumLayers { get; init; }

    /// <summary>Rows that text is padded to. 16 to 512; default 512.</summary>
    [Range(16, 512)]
    public int TextLength { get; init; } = 512;

    /// <summary>Width of the time sinusoid, even. 8 to 1024; default 256.</summary>
    [Range(8, 1024)]
    public int FreqDim { get; init; } = 256;
}
