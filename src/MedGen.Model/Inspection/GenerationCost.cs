using MedGen.Model.Transformers;

namespace MedGen.Model.Inspection;

/// <summary>What one clip costs, by formula; the memory is an estimate for planning, not a promise.</summary>
public sealed record GenerationCost
{
    // The autoencoder's factors in time and space are the same in every Wan 2.1 model.
    private const int TemporalFactor = 4;
    private const int SpatialFactor = 8;

    /// <summary>Width in px.</summary>
    public required int Width { get; init; }

    /// <summary>Height in px.</summary>
    public required int Height { get; init; }

    /// <summary>Number of frames.</summary>
    public required int NumFrames { get; init; }

    /// <summary>Number type of the transformer: <c>float32</c> or <c>bfloat16</c>.</summary>
    public required string DataType { get; init; }

    /// <summary>Tokens of the video in one forward.</summary>
    public required long Tokens { get; init; }

    /// <summary>Floating-point operations of one forward (a multiply-add counts 2); the text's keys and values are left out, they are computed once per clip.</summary>
    public required double FlopsPerForward { get; init; }

    /// <summary>Operations of one denoising step with guidance: two forwards.</summary>
    public double FlopsPerStep => 2 * FlopsPerForward;

    /// <summary>Bytes of all weights in memory.</summary>
    public required long WeightBytes { get; init; }

    /// <summary>Estimated bytes of the largest intermediate results: those of one block, or those of decoding one chunk.</summary>
    public required long ActivationBytes { get; init; }

    /// <summary>Weights and intermediate results together.</summary>
    public long MemoryBytes => WeightBytes + ActivationBytes;

    /// <summary>Computes the cost.</summary>
    /// <param name="config">Dimensions of the transformer.</param>
    /// <param name="autoencoderDim">Base width of the autoencoder.</param>
    /// <param name="parameters">Parameters of transformer and of the other parts.</param>
    /// <param name="size">Width and height in px, and number of frames.</param>
    /// <param name="dataType">float32 or bfloat16.</param>
    /// <returns>The cost.</returns>
    internal static GenerationCost Of(
        WanTransformerConfig config, int autoencoderDim, (long Transformer, long Others) parameters, (int Width, int Height, int NumFrames) size, string dataType)
    {
        (int p, int q, int r) = config.PatchSize;
        long frames = ((size.NumFrames - 1) / TemporalFactor) + 1;
        long s = frames / p * (size.Height / SpatialFactor / q) * (size.Width / SpatialFactor / r);
        double d = config.Dim;
        double linear = 2.0 * ((6 * d * d) + (2 * d * config.FfnDim)); // q, k, v, o; q, o; the feed-forward's two
        double cross = 4.0 * config.TextLength * d;
        double self = 4.0 * s * d;
        int itemSize = dataType == "bfloat16" ? 2 : 4;
        long block = (long)(s * ((3 * 4 * d) + (5 * itemSize * d) + (itemSize * (double)config.FfnDim)));
        // Four frames at full size: the widest layer's input, output and cache, in float32.
        long decode = 4L * 4 * 3 * 2 * autoencoderDim * size.Width * size.Height;
        return new GenerationCost
        {
            Width = size.Width,
            Height = size.Height,
            NumFrames = size.NumFrames,
            DataType = dataType,
            Tokens = s,
            FlopsPerForward = config.NumLayers * s * (linear + cross + self),
            WeightBytes = (parameters.Transformer * itemSize) + (parameters.Others * itemSize),
            ActivationBytes = Math.Max(block, decode),
        };
    }
}
