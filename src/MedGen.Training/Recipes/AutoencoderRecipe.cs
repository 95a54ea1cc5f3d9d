using System.ComponentModel.DataAnnotations;

namespace MedGen.Training.Recipes;

/// <summary>Sizes of a Wan 2.1 autoencoder: always 8 × 8 px and 4 frames a latent.</summary>
public sealed record AutoencoderRecipe
{
    /// <summary>Channels of the first stage. 4 to 192; the release has 96.</summary>
    [Range(4, 192)]
    public required int Dim { get; init; }

    /// <summary>Channels of a latent. 1 to 64; default 16.</summary>
    [Range(1, 64)]
    public int LatentChannels { get; init; } = 16;

    /// <summary>Channels of the four stages as multiples of <see cref="Dim"/>. Default 1, 2, 4, 4.</summary>
    [MinLength(4)]
    [MaxLength(4)]
    public IReadOnlyList<int> Multipliers { get; init; } = [1, 2, 4, 4];

    /// <summary>Goes on from the weights of the base's autoencoder, which has the same sizes. Default false: random weights.</summary>
    public bool FromBase { get; init; }

    /// <summary>Residual blocks a stage. 1 to 4; default 2.</summary>
    [Range(1, 4)]
    public int NumResidualBlocks { get; init; } = 2;
}
