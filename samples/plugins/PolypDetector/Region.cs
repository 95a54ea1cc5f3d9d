namespace PolypDetector;

/// <summary>A part of a frame that may be a polyp.</summary>
internal sealed record Region
{
    /// <summary>Left edge in px.</summary>
    public required double X { get; init; }

    /// <summary>Upper edge in px.</summary>
    public required double Y { get; init; }

    /// <summary>Width in px.</summary>
    public required double Width { get; init; }

    /// <summary>Height in px.</summary>
    public required double Height { get; init; }

    /// <summary>How much it looks like a polyp, 0 to 1.</summary>
    public required double Score { get; init; }

    /// <summary>Area that both cover, as a share of what either covers (intersection over union), 0 to 1.</summary>
    public double Overlap(Region other)
    {
        double across = Math.Min(X + Width, other.X + other.Width) - Math.Max(X, other.X);
        double down = Math.Min(Y + Height, other.Y + other.Height) - Math.Max(Y, other.Y);
        double both = Math.Max(across, 0) * Math.Max(down, 0);
        return both / ((Width * Height) + (other.Width * other.Height) - both);
    }
}
