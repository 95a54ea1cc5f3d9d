using MedGen.Sdk.Errors;
using MedGen.Model.Autoencoders;
using MedGen.Model.Transformers;
using MedGen.Torch.Operations;
using static TorchSharp.torch;

namespace MedGen.Model.Sizing;

/// <summary>What one clip costs, by formula; the memory is an estimate for planning, not a promise.</summary>
public sealed record GenerationCost
{
    // Before and after a step, the velocities, and up to three that a scheduler keeps.
    private const int LatentCopies = 8;

    // What the allocator keeps beside; `bench memory` compares.
    private const double AllocatorShare = 1.4;

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

    /// <summary>
    /// Floating-point operations of one forward (a multiply-add counts 2), with all rows that a text is padded to, as the reference computes it; a
    /// prompt's real tokens are fewer. The text's keys and values are left out: they are computed once per clip.
    /// </summary>
    public required double FlopsPerForward { get; init; }

    /// <summary>The share of <see cref="FlopsPerForward"/> that grows with the square of the tokens: their attention to each other.</summary>
    public required double AttentionFlops { get; init; }

    /// <summary>Operations of one denoising step with guidance: two forwards.</summary>
    public double FlopsPerStep => 2 * FlopsPerForward;

    /// <summary>Bytes of all weights in memory, in the number types in which they are kept.</summary>
    public required long WeightBytes { get; init; }

    /// <summary>Estimated bytes of the intermediate results of one block at their peak.</summary>
    public required long BlockBytes { get; init; }

    /// <summary>
    /// Estimated bytes of the intermediate results of decoding one latent frame at their peak, what is kept for the next one among them.
    /// </summary>
    public required long DecodeBytes { get; init; }

    /// <summary>
    /// Estimated bytes that a session keeps between its steps: latents with the scheduler's memory, the text's keys and values of two prompts of full
    /// length, the frames that decoding keeps for the next ones, and with tiles the unfinished clip.
    /// </summary>
    public required long SessionBytes { get; init; }

    /// <summary>How the clip is decoded in tiles; null: in one piece.</summary>
    public TilingOptions? Tiling { get; init; }

    /// <summary>The larger of the two.</summary>
    public long ActivationBytes => Math.Max(BlockBytes, DecodeBytes);

    /// <summary>Weights and intermediate results together.</summary>
    public long MemoryBytes => WeightBytes + ActivationBytes;

    /// <summary>Computes the cost.</summary>
    /// <param name="transformer">Dimensions of the transformer.</param>
    /// <param name="autoencoder">Dimensions of the autoencoder.</param>
    /// <param name="weightBytes">Bytes of all weights in memory.</param>
    /// <param name="size">Size of the clip.</param>
    /// <param name="dataType">float32 or bfloat16.</param>
    /// <param name="memoryLimit">
    /// Bytes that weights, sessions and intermediate results may take together. A clip whose decoding would take more than half of what is left
    /// beside the weights is decoded in tiles: the other half is for what sessions keep.
    /// </param>
    /// <returns>The cost.</returns>
    /// <exception cref="InvalidInputException">The model can make no clip of that size.</exception>
    public static GenerationCost Of(
        WanTransformerConfig transformer, WanAutoencoderConfig autoencoder, long weightBytes, ClipSize size, ScalarType dataType,
        long memoryLimit = long.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        ArgumentNullException.ThrowIfNull(autoencoder);
        ClipGrid grid = new(transformer, autoencoder);
        FieldViolation[] violations = [.. grid.Violations(size.Width, size.Height, size.NumFrames, int.MaxValue, int.MaxValue)];
        if (violations.Length > 0)
        {
            throw new InvalidInputException(violations);
        }

        (int p, int q, int r) = transformer.PatchSize;
        (long frames, long height, long width) = grid.Latent(size.Width, size.Height, size.NumFrames);
        long s = frames / p * (height / q) * (width / r);
        double d = transformer.Dim;
        double linear = 2.0 * ((6 * d * d) + (2 * d * transformer.FfnDim)); // q, k, v, o; q, o; the feed-forward's two
        double cross = 4.0 * transformer.TextLength * d;
        double self = 4.0 * s * d;
        DecodingCost decoding = DecodingCost.Of(autoencoder, size, (memoryLimit - weightBytes) / 2);
        return new GenerationCost
        {
            Width = size.Width,
            Height = size.Height,
            NumFrames = size.NumFrames,
            DataType = NumberType.NameOf(dataType),
            Tokens = s,
            FlopsPerForward = transformer.NumLayers * s * (linear + cross + self),
            AttentionFlops = transformer.NumLayers * s * self,
            WeightBytes = weightBytes,
            SessionBytes = (LatentCopies * 4L * autoencoder.LatentChannels * frames * height * width)
                + (4L * transformer.NumLayers * (transformer.TextLength + 1) * transformer.Dim * ItemSize(dataType))
                + decoding.KeptBytes,
            BlockBytes = (long)(AllocatorShare * BlockBytesOf(transformer, s, dataType)),
            DecodeBytes = decoding.PeakBytes,
            Tiling = decoding.Tiling,
        };
    }

    /// <summary>Bytes of a value.</summary>
    internal static int ItemSize(ScalarType dataType) => dataType == ScalarType.BFloat16 ? 2 : 4;

    // The widest moments of a block. Attention: residual stream and input, queries, keys and values, and the result; in bfloat16 on a CPU copies of
    // the three, of the scaled queries on the way to theirs, too. Feed-forward: residual stream, input, result, and the hidden layer of one piece;
    // where bfloat16 is emulated, float32 copies of that and of some weights, too.
    private static double BlockBytesOf(WanTransformerConfig config, long s, ScalarType dataType)
    {
        double item = ItemSize(dataType);
        double piece = Math.Min(s, FeedForward.TokensAtATime);
        double attending = s * config.Dim * (4 + (item * (dataType == ScalarType.BFloat16 ? 9 : 5)));
        double widened = CpuKernels.Current.Emulates(dataType, TorchSharp.DeviceType.CPU)
            ? 4 * ((piece * config.FfnDim) + Linear.EmulatedWeightsAtATime)
            : 0;
        double feeding = (s * config.Dim * (4 + (2 * item))) + (piece * config.FfnDim * item) + widened;
        return Math.Max(attending, feeding);
    }
}
