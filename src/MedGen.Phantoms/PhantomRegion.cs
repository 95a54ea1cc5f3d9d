namespace MedGen.Phantoms;

/// <summary>A thing that is seen in a frame, exactly where it was drawn: the smallest box around its pixels that nothing hides.</summary>
public sealed record PhantomRegion
{
    /// <summary>What it is, for instance <c>polyp</c>.</summary>
    public required string Label { get; init; }

    /// <summary>Number of the thing in the clip, the same in each frame; from 0.</summary>
    public required int Track { get; init; }

    /// <summary>Left edge in px of the frame.</summary>
    public required int X { get; init; }

    /// <summary>Upper edge in px.</summary>
    public required int Y { get; init; }

    /// <summary>Width in px, at least 1.</summary>
    public required int Width { get; init; }

    /// <summary>Height in px, at least 1.</summary>
    public required int Height { get; init; }

    /// <summary>Number of its pixels, at least 1; what lies before it, and what is cut off, is not counted.</summary>
    public required int Pixels { get; init; }
}
