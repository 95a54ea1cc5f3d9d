namespace MedGen.Sdk.Frames;

/// <summary>Distance from the middle of a pixel to that of the next, in mm, in the plane that was recorded.</summary>
public sealed record PixelSpacing
{
    /// <summary>Along a row, from left to right; mm, above 0.</summary>
    public required double X { get; init; }

    /// <summary>Along a column, from top to bottom; mm, above 0.</summary>
    public required double Y { get; init; }
}
