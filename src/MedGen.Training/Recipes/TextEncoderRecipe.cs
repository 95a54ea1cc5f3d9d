using System.ComponentModel.DataAnnotations;

namespace MedGen.Training.Recipes;

/// <summary>Sizes of an umT5 encoder.</summary>
public sealed record TextEncoderRecipe
{
    /// <summary>Width. 8 to 4096.</summary>
    [Range(8, 4096)]
    public required int Dim { get; init; }

    /// <summary>Width of the feed-forward network. 8 to 16,384.</summary>
    [Range(8, 16_384)]
    public required int FeedForwardDim { get; init; }

    /// <summary>Attention heads; they divide <see cref="Dim"/>. 1 to 64.</summary>
    [Range(1, 64)]
    public required int NumHeads { get; init; }

    /// <summary>Blocks. 1 to 48.</summary>
    [Range(1, 48)]
    public required int NumLayers { get; init; }
}
