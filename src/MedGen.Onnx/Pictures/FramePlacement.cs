using MedGen.Onnx.Spec;

namespace MedGen.Onnx.Pictures;

/// <summary>
/// Where a frame lies in the network's input: it is scaled to <see cref="ScaledWidth"/> × <see cref="ScaledHeight"/> px, and its upper left corner
/// comes to (<see cref="Left"/>, <see cref="Top"/>), which is outside when the frame juts out.
/// </summary>
internal sealed record FramePlacement
{
    private FramePlacement()
    {
    }

    /// <summary>Width of the frame, in px.</summary>
    public required int Width { get; init; }

    /// <summary>Height of the frame, in px.</summary>
    public required int Height { get; init; }

    /// <summary>Width of the network's input, in px.</summary>
    public required int InputWidth { get; init; }

    /// <summary>Height of the network's input, in px.</summary>
    public required int InputHeight { get; init; }

    /// <summary>Width after scaling, in px.</summary>
    public required int ScaledWidth { get; init; }

    /// <summary>Height after scaling, in px.</summary>
    public required int ScaledHeight { get; init; }

    /// <summary>Column of the input at which the scaled frame begins.</summary>
    public required int Left { get; init; }

    /// <summary>Row of the input at which the scaled frame begins.</summary>
    public required int Top { get; init; }

    /// <summary>Places a frame.</summary>
    /// <param name="input">What the network takes.</param>
    /// <param name="width">Width of the frame.</param>
    /// <param name="height">Height of the frame.</param>
    /// <returns>The placement.</returns>
    public static FramePlacement Of(InputSpec input, int width, int height)
    {
        (double x, double y) = ((double)input.Width / width, (double)input.Height / height);
        (x, y) = input.Fit switch
        {
            FrameFit.Crop => (Math.Max(x, y), Math.Max(x, y)),
            FrameFit.Pad => (Math.Min(x, y), Math.Min(x, y)),
            _ => (x, y),
        };
        (int scaledWidth, int scaledHeight) = (Math.Max((int)Math.Round(width * x), 1), Math.Max((int)Math.Round(height * y), 1));
        return new FramePlacement
        {
            Width = width,
            Height = height,
            InputWidth = input.Width,
            InputHeight = input.Height,
            ScaledWidth = scaledWidth,
            ScaledHeight = scaledHeight,
            Left = (int)Math.Floor((input.Width - scaledWidth) / 2.0),
            Top = (int)Math.Floor((input.Height - scaledHeight) / 2.0),
        };
    }

    /// <summary>Column of the frame, in px and fractions, that lies at a column of the network's input.</summary>
    /// <param name="x">Distance from the input's left edge in px.</param>
    public double FrameX(double x) => (x - Left) * Width / ScaledWidth;

    /// <summary>Row of the frame, in px and fractions, that lies at a row of the network's input.</summary>
    /// <param name="y">Distance from the input's upper edge in px.</param>
    public double FrameY(double y) => (y - Top) * Height / ScaledHeight;

    /// <summary>Share of the input's width at which a column of the frame lies; outside of [0, 1) where it is cut off.</summary>
    /// <param name="x">Distance from the frame's left edge in px.</param>
    public double InputX(double x) => ((x * ScaledWidth / Width) + Left) / InputWidth;

    /// <summary>Share of the input's height at which a row of the frame lies; outside of [0, 1) where it is cut off.</summary>
    /// <param name="y">Distance from the frame's upper edge in px.</param>
    public double InputY(double y) => ((y * ScaledHeight / Height) + Top) / InputHeight;
}
