namespace MedGen.Sdk.Models;

/// <summary>What a layer of the model computes from frames.</summary>
public sealed record ModelFeatures
{
    /// <summary>The layer, as it was asked for.</summary>
    public required string Layer { get; init; }

    /// <summary>Sizes, outermost first: [channels, frames, height, width] of the autoencoder's latents, [tokens, dim] of a block.</summary>
    public required IReadOnlyList<int> Shape { get; init; }

    /// <summary>The values in row-major order.</summary>
    public required ReadOnlyMemory<float> Values { get; init; }
}
