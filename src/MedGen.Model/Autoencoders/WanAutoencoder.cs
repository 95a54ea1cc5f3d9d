using MedGen.Sdk.Errors;
using MedGen.Model.Parameters;
using static TorchSharp.torch;

namespace MedGen.Model.Autoencoders;

/// <summary>
/// The causal video autoencoder of Wan 2.1 (wan/modules/vae.py). Video goes in and out in chunks: one frame, then four for each further
/// latent frame, with a cache that belongs to the call. Outputs are not clamped. Not safe for use from several threads; runs on the
/// thread, the dispose scope and the gradient mode of the caller. Encode in float32: bfloat16 costs accuracy there.
/// </summary>
public sealed class WanAutoencoder : IDisposable
{
    private readonly ParameterSet _parameters;
    private readonly VideoEncoder _encoder;
    private readonly VideoDecoder _decoder;
    private readonly CausalConv3d _conv1;
    private readonly CausalConv3d _conv2;
    private readonly Tensor _mean;
    private readonly Tensor _inverseStd;

    private WanAutoencoder(ParameterSet parameters, WanAutoencoderConfig config)
    {
        Config = config;
        _parameters = parameters;
        long z = config.LatentChannels;
        _encoder = new VideoEncoder(parameters, config);
        _conv1 = new CausalConv3d(parameters, "conv1", 2 * z, 2 * z, time: 1, space: 1);
        _conv2 = new CausalConv3d(parameters, "conv2", z, z, time: 1, space: 1);
        _decoder = new VideoDecoder(parameters, config);
        _mean = PerChannel(config.LatentMean);
        _inverseStd = PerChannel(config.LatentStd.Select(std => 1 / std));

        Tensor PerChannel(IEnumerable<float> values)
        {
            using var scope = NewDisposeScope();
            return tensor(values.ToArray()).view(1, z, 1, 1, 1).to(parameters.DataType, parameters.Device).DetachFromDisposeScope();
        }
    }

    /// <summary>Sizes and latent statistics.</summary>
    public WanAutoencoderConfig Config { get; }

    /// <summary>
    /// The weights by their original Wan names. They belong to the autoencoder. They may lie over the read-only map of a file: gradients reach
    /// them, but to change them in place, build the autoencoder over copies.
    /// </summary>
    public IReadOnlyDictionary<string, Tensor> Parameters =>
        _parameters.Weights.ToDictionary(pair => pair.Key, pair => pair.Value.Numbers!, StringComparer.Ordinal);

    /// <summary>Bytes that the weights take.</summary>
    public long WeightBytes => _parameters.ByteLength;

    // The reference takes four frames at a time even where fewer make a latent frame.
    private int FramesPerChunk => Math.Max(4, Config.TemporalFactor);

    /// <summary>Encodes a video into the mean of its latent distribution, scaled to about unit variance.</summary>
    /// <param name="video">[B, 3, T, H, W] in [-1, 1]; T = 1 + 4k, H and W multiples of 8.</param>
    /// <param name="dropIncomplete">
    /// What the reference does silently: frames behind the last full group of four are dropped, and each halving of an odd height or width rounds
    /// down. False (the default) refuses such videos.
    /// </param>
    /// <returns>Latents [B, z, 1 + k, H/8, W/8].</returns>
    /// <exception cref="InvalidInputException">A size does not fit.</exception>
    public Tensor Encode(Tensor video, bool dropIncomplete = false)
    {
        ArgumentNullException.ThrowIfNull(video);
        using var scope = NewDisposeScope();
        (Tensor mean, _) = Moments(EncodeFeatures(video, dropIncomplete));
        return ((mean - _mean) * _inverseStd).MoveToOuterDisposeScope();
    }

    /// <summary>Encodes a video into its latent distribution, all frames in one piece, for training.</summary>
    /// <param name="video">[B, 3, T, H, W] in [-1, 1]; T = 1 + 4k, H and W multiples of 8.</param>
    /// <returns>Mean and logarithm of the variance, not scaled, [B, z, 1 + k, H/8, W/8] each.</returns>
    /// <exception cref="InvalidInputException">A size does not fit.</exception>
    public (Tensor Mean, Tensor LogVariance) EncodeDistribution(Tensor video)
    {
        ArgumentNullException.ThrowIfNull(video);
        using var scope = NewDisposeScope();
        (Tensor mean, Tensor logVariance) = Moments(EncodeFeatures(video, wholeClip: true));
        return (mean.MoveToOuterDisposeScope(), logVariance.MoveToOuterDisposeScope());
    }

    /// <summary>As <see cref="Decode"/>, all frames in one piece: the same result in more memory and fewer operations, for training.</summary>
    /// <param name="latents">Scaled latents [B, z, T, H, W].</param>
    /// <returns>Video [B, 3, 1 + 4(T - 1), 8H, 8W], about [-1, 1], not clamped.</returns>
    /// <exception cref="InvalidInputException">A size does not fit.</exception>
    public Tensor DecodeWhole(Tensor latents)
    {
        CheckLatents(latents);
        using var scope = NewDisposeScope();
        return DecodeChunks(latents, observe: null, framesPerChunk: int.MaxValue).Single().MoveToOuterDisposeScope();
    }

    /// <summary>Decodes latents into a video.</summary>
    /// <param name="latents">Scaled latents [B, z, T, H, W].</param>
    /// <returns>Video [B, 3, 1 + 4(T - 1), 8H, 8W], about [-1, 1], not clamped.</returns>
    /// <exception cref="InvalidInputException">A size does not fit.</exception>
    public Tensor Decode(Tensor latents)
    {
        using var scope = NewDisposeScope();
        return cat([.. DecodeChunks(latents)], 2).MoveToOuterDisposeScope();
    }

    /// <summary>Decodes latents one latent frame at a time, so that frames can be written while the next ones are computed.</summary>
    /// <param name="latents">Scaled latents [B, z, T, H, W]; they must live until the last chunk is taken.</param>
    /// <returns>T chunks, [B, 3, 1, 8H, 8W] and then [B, 3, 4, 8H, 8W] each. Each belongs to the caller.</returns>
    /// <exception cref="InvalidInputException">A size does not fit.</exception>
    public IEnumerable<Tensor> DecodeChunks(Tensor latents)
    {
        CheckLatents(latents);
        return DecodeChunks(latents, observe: null);
    }

    /// <summary>
    /// Decodes latents tile by tile and blends the overlaps linearly: less memory for large pictures, slightly different from <see cref="Decode"/>.
    /// </summary>
    /// <param name="latents">Scaled latents [B, z, T, H, W].</param>
    /// <param name="options">The tiles; null for the defaults.</param>
    /// <returns>Video as from <see cref="Decode"/>, in float32.</returns>
    /// <exception cref="InvalidInputException">A size or an option does not fit.</exception>
    public Tensor DecodeTiled(Tensor latents, TilingOptions? options = null)
    {
        CheckLatents(latents);
        using var scope = NewDisposeScope();
        return cat([.. new TiledDecoding(this, options ?? new TilingOptions()).Decode(latents).OfType<Tensor>()], 2).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _parameters.Dispose();
        _mean.Dispose();
        _inverseStd.Dispose();
    }

    /// <summary>Builds the autoencoder over weights.</summary>
    /// <param name="weights">Reads the weights by their original names. Each is asked for once.</param>
    /// <param name="config">Sizes.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="dataType">float32 or bfloat16.</param>
    /// <returns>The autoencoder; the caller disposes it.</returns>
    /// <exception cref="ModelFormatException">The sizes do not fit together, or the reader has no such weight.</exception>
    public static WanAutoencoder Load(WeightReader weights, WanAutoencoderConfig config, Device device, ScalarType dataType) =>
        ParameterSet.Build(weights, device, dataType, parameters => new WanAutoencoder(parameters, config));

    /// <summary>The encoder's output before <c>conv1</c>.</summary>
    /// <param name="video">[B, 3, T, H, W].</param>
    /// <param name="dropIncomplete">Whether frames behind the last full group are dropped.</param>
    /// <param name="wholeClip">Whether all frames are one chunk: the same result in more memory.</param>
    /// <param name="observe">Told of each inner result by chunk and name.</param>
    /// <returns>[B, 2z, T', H/8, W/8].</returns>
    internal Tensor EncodeFeatures(Tensor video, bool dropIncomplete = false, bool wholeClip = false, Action<int, string, Tensor>? observe = null)
    {
        using var scope = NewDisposeScope();
        long frames = CheckVideo(video, dropIncomplete);
        Tensor input = video.to(_parameters.DataType, _parameters.Device);
        using FeatureCache cache = new();
        if (wholeClip)
        {
            return _encoder.Forward(input.narrow(2, 0, frames), cache).MoveToOuterDisposeScope();
        }

        List<Tensor> chunks = [];
        Chunk(0, 1); // [B, 2z, 1, H/8, W/8]
        for (long frame = 1; frame < frames; frame += FramesPerChunk)
        {
            Chunk(frame, Math.Min(FramesPerChunk, frames - frame)); // [B, 2z, 1, H/8, W/8]
        }

        return cat(chunks, 2).MoveToOuterDisposeScope(); // [B, 2z, T', H/8, W/8]

        void Chunk(long first, long count)
        {
            int index = chunks.Count;
            chunks.Add(
                _encoder.Forward(input.narrow(2, first, count), cache, observe is null ? null : (name, tensor) => observe(index, name, tensor)));
        }
    }

    /// <summary>Mean and logarithm of the variance of the latent distribution, not scaled.</summary>
    /// <param name="features">[B, 2z, T', H/8, W/8].</param>
    /// <returns>Two tensors [B, z, T', H/8, W/8].</returns>
    internal (Tensor Mean, Tensor LogVariance) Moments(Tensor features)
    {
        using var scope = NewDisposeScope();
        using FeatureCache cache = new();
        Tensor[] halves = _conv1.Forward(features, cache).chunk(2, 1);
        return (halves[0].MoveToOuterDisposeScope(), halves[1].MoveToOuterDisposeScope());
    }

    /// <summary>Unscales latents and applies <c>conv2</c>.</summary>
    /// <param name="latents">Scaled latents [B, z, T, H, W].</param>
    /// <returns>Input of the decoder [B, z, T, H, W].</returns>
    internal Tensor Unscale(Tensor latents)
    {
        using var scope = NewDisposeScope();
        using FeatureCache cache = new();
        Tensor raw = latents.to(_parameters.DataType, _parameters.Device) / _inverseStd + _mean;
        return _conv2.Forward(raw, cache).MoveToOuterDisposeScope();
    }

    /// <summary>As <see cref="DecodeChunks(Tensor)"/>, with a look inside.</summary>
    /// <param name="latents">Scaled latents [B, z, T, H, W].</param>
    /// <param name="observe">Told of each inner result by name.</param>
    /// <param name="framesPerChunk">Latent frames a chunk: the result is the same, the memory is not.</param>
    /// <returns>The chunks.</returns>
    internal IEnumerable<Tensor> DecodeChunks(Tensor latents, Action<string, Tensor>? observe, int framesPerChunk = 1)
    {
        // Scopes belong to a thread's stack, so none may stay open while the caller holds the enumerator.
        using Tensor input = Unscale(latents).DetachFromDisposeScope();
        using FeatureCache cache = new();
        for (long frame = 0; frame < input.size(2); frame += framesPerChunk)
        {
            yield return DecodeChunk(
                input, frame, Math.Min(framesPerChunk, input.size(2) - frame), cache, framesPerChunk == 1 && observe is null, observe);
        }
    }

    private Tensor DecodeChunk(Tensor input, long frame, long count, FeatureCache cache, bool frameByFrame, Action<string, Tensor>? observe)
    {
        using var scope = NewDisposeScope();
        return _decoder.Forward(input.narrow(2, frame, count), cache, frameByFrame, observe).MoveToOuterDisposeScope();
    }

    private long CheckVideo(Tensor video, bool dropIncomplete)
    {
        if (video.dim() != 5 || video.size(1) != 3 || video.size(2) == 0)
        {
            throw new InvalidInputException("video", $"[{string.Join(", ", video.shape)}]; expected is [B, 3, T, H, W].");
        }

        int factor = Config.SpatialFactor;
        bool isMultiple = video.size(3) % factor == 0 && video.size(4) % factor == 0;
        if (video.size(3) < factor || video.size(4) < factor || !(isMultiple || dropIncomplete))
        {
            throw new InvalidInputException("video", $"{video.size(4)}×{video.size(3)} px; width and height must be multiples of {factor}.");
        }

        if (dropIncomplete)
        {
            return video.size(2) - ((video.size(2) - 1) % FramesPerChunk);
        }

        long spare = (video.size(2) - 1) % Config.TemporalFactor;
        return spare == 0
            ? video.size(2)
            : throw new InvalidInputException(
                "num_frames", $"{video.size(2)}; must be {Config.TemporalFactor}k + 1, for instance {video.size(2) - spare}.");
    }

    private void CheckLatents(Tensor latents)
    {
        ArgumentNullException.ThrowIfNull(latents);
        if (latents.dim() != 5 || latents.size(1) != Config.LatentChannels || latents.size(2) == 0 || latents.size(3) == 0 || latents.size(4) == 0)
        {
            throw new InvalidInputException("latents", $"[{string.Join(", ", latents.shape)}]; expected is [B, {Config.LatentChannels}, T, H, W].");
        }
    }
}
