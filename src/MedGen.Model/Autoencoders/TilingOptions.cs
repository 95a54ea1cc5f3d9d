namespace MedGen.Model.Autoencoders;

/// <summary>How a latent is cut into overlapping tiles, so that a large picture is decoded in little memory. Sizes are latent pixels.</summary>
public sealed record TilingOptions
{
    /// <summary>Height of a tile, 1 or more. Default 30.</summary>
    public int TileHeight { get; init; } = 30;

    /// <summary>Width of a tile, 1 or more. Default 52.</summary>
    public int TileWidth { get; init; } = 52;

    /// <summary>Rows from one tile to the next, 1 to <see cref="TileHeight"/>. Default 15.</summary>
    public int StrideHeight { get; init; } = 15;

    /// <summary>Columns from one tile to the next, 1 to <see cref="TileWidth"/>. Default 26.</summary>
    public int StrideWidth { get; init; } = 26;
}
