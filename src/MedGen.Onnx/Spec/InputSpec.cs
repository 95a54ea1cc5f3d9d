namespace MedGen.Onnx.Spec;

/// <summary>
/// How a frame becomes the network's input: placed by <see cref="Fit"/>, then <c>(value · scale − mean) / deviation</c> for each channel.
/// </summary>
internal sealed record InputSpec
{
    /// <summary>Name of the network's input; null: it has one.</summary>
    public string? Tensor { get; init; }

    /// <summary>Width that the network takes, in px; 1 to 8,192.</summary>
    public required int Width { get; init; }

    /// <summary>Height that the network takes, in px; 1 to 8,192.</summary>
    public required int Height { get; init; }

    /// <summary>What becomes of a frame of another shape; there is no default, since each loses something else.</summary>
    public required FrameFit Fit { get; init; }

    /// <summary>Order of the input's dimensions. Default <see cref="TensorLayout.Nchw"/>.</summary>
    public TensorLayout Layout { get; init; }

    /// <summary>The channels and their order. Default <see cref="PixelChannels.Rgb"/>.</summary>
    public PixelChannels Channels { get; init; }

    /// <summary>What a pixel's value, 0 to 255, is multiplied by. Default 1/255.</summary>
    public double Scale { get; init; } = 1.0 / 255;

    /// <summary>Subtracted from each channel; as many as channels. Default none.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [];

    /// <summary>What each channel is divided by, not 0; as many as channels. Default none.</summary>
    public IReadOnlyList<double> Deviation { get; init; } = [];

    /// <summary>How many channels there are: 1 or 3.</summary>
    public int ChannelCount => Channels == PixelChannels.Gray ? 1 : 3;
}

/// <summary>What becomes of a frame whose shape is not the network's.</summary>
internal enum FrameFit
{
    /// <summary>Both sides are scaled, each by its own factor.</summary>
    Stretch,

    /// <summary>Scaled until the network's rectangle is full, then what juts out is cut off evenly on both sides.</summary>
    Crop,

    /// <summary>Scaled until it lies within the network's rectangle, with black on both sides.</summary>
    Pad,
}

/// <summary>Order of the dimensions of a picture.</summary>
internal enum TensorLayout
{
    /// <summary>[1, channels, height, width].</summary>
    Nchw,

    /// <summary>[1, height, width, channels].</summary>
    Nhwc,
}

/// <summary>Channels of a picture.</summary>
internal enum PixelChannels
{
    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Blue, green, red.</summary>
    Bgr,

    /// <summary>Luma by ITU-R BT.601: 0.299 R + 0.587 G + 0.114 B.</summary>
    Gray,
}
