using MedGen.Sdk.Errors;
using MedGen.Model.Parameters;
using MedGen.Torch.Weights;
using static TorchSharp.torch;

namespace MedGen.Model.Transformers;

/// <summary>
/// The diffusion transformer of Wan 2.1, Wan 2.2 and MedGen (Wan2.1 <c>wan/modules/model.py</c>, arXiv 2503.20314): predicts the velocity of the flow
/// from a
/// noisy latent, a timestep and a text context. Built over given weights. Linears and attention compute in the number type it was loaded with; norms,
/// modulation, time embedding, residual stream and head in float32. Not safe for use from several threads.
/// </summary>
public sealed class WanTransformer : IDisposable
{
    private readonly ParameterSet _parameters;
    private readonly PatchEmbedding _patches;
    private readonly TextEmbedding _text;
    private readonly ImageEmbedding? _image;
    private readonly TimeEmbedding _time;
    private readonly WanTransformerBlock[] _blocks;
    private readonly VelocityHead _head;

    private WanTransformer(ParameterSet parameters, WanTransformerConfig config)
    {
        _parameters = parameters;
        Config = config;
        _patches = new PatchEmbedding(parameters, config);
        _text = new TextEmbedding(parameters, config);
        _image = config.ImageDim is null ? null : new ImageEmbedding(parameters, config);
        _time = new TimeEmbedding(parameters, config);
        _blocks = [.. Enumerable.Range(0, config.NumLayers).Select(index => new WanTransformerBlock(parameters, index, config))];
        _head = new VelocityHead(parameters, config);
    }

    /// <summary>Dimensions.</summary>
    public WanTransformerConfig Config { get; }

    /// <summary>The weights by their original Wan names. They belong to the transformer.</summary>
    public IReadOnlyDictionary<string, StoredWeight> Parameters => _parameters.Weights;

    /// <summary>Bytes that the weights take, the largest quantised one counted in numbers too: it is there twice while it is used.</summary>
    public long WeightBytes => _parameters.ByteLength;

    /// <summary>Where it computes.</summary>
    public Device Device => _parameters.Device;

    /// <summary>Number type of linears and attention.</summary>
    public ScalarType DataType => _parameters.DataType;

    /// <summary>Shape of each weight by its original name, for adapters.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> Shapes =>
        Parameters.ToDictionary(pair => pair.Key, pair => pair.Value.Shape, StringComparer.Ordinal);

    /// <summary>Shape [out, in] of each linear by module name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> Linears => Parameters
        .Where(pair => pair.Key.EndsWith(".weight", StringComparison.Ordinal) && pair.Value.Shape.Count == 2)
        .ToDictionary(pair => pair.Key[..^".weight".Length], pair => pair.Value.Shape, StringComparer.Ordinal);

    /// <summary>Embeds prompts and computes each block's keys and values of them, once for all steps.</summary>
    /// <param name="contexts">Text encoder rows of each prompt's real tokens, [L, text_dim] with 1 ≤ L ≤ text_len.</param>
    /// <param name="context">As the forwards will have it; null: <see cref="ForwardContext.Plain"/>. Told of <c>text_embedding</c>, [B, rows, dim],
    /// where one row stands for all padding.</param>
    /// <param name="images">Tokens of the image encoder, [B, tokens, image_dim]; null for models that attend to none.</param>
    /// <returns>The prepared text; the caller disposes it.</returns>
    /// <exception cref="InvalidInputException">A context has another shape, or image tokens are missing or too many.</exception>
    public TextContext PrepareText(IReadOnlyList<Tensor> contexts, ForwardContext? context = null, Tensor? images = null)
    {
        ArgumentNullException.ThrowIfNull(contexts);
        context ??= ForwardContext.Plain;
        if ((images is null) != (_image is null) || images is not null && (images.dim() != 3 || images.size(0) != contexts.Count))
        {
            throw new InvalidInputException(
                "images",
                $"got {(images is null ? "none" : $"shape [{string.Join(", ", images.shape)}]")}; allowed: "
                    + (Config.ImageDim is { } width ? $"[{contexts.Count}, tokens, {width}]." : "none, as the model attends to no image tokens."));
        }

        using var scope = NewDisposeScope();
        (Tensor embedded, Tensor? bias) = _text.Forward(contexts, context); // [B, rows, dim], [B, 1, 1, rows]
        context.Observe?.Invoke("text_embedding", embedded);
        Tensor? image = _image?.Forward(images!, context); // [B, tokens, dim]
        List<TextKeys> blocks = [];
        foreach ((int index, WanTransformerBlock block) in _blocks.Index())
        {
            blocks.Add(block.TextProjection(embedded, bias, image, context.In(index))); // [B, heads, rows, headDim] each
        }

        blocks.ForEach(keys => keys.Detach());
        return new TextContext(contexts.Count, blocks, bias?.DetachFromDisposeScope());
    }

    /// <summary>Predicts the velocity for latents of one shape.</summary>
    /// <param name="latents">[B, C, F, H, W]; frames, height and width are multiples of the patch size. The channels of a condition
    /// (<see cref="ForwardContext.Condition"/>) are joined behind them.</param>
    /// <param name="timesteps">[B], or [B, S] for each token its own (Wan 2.2 TI2V, whose first latent frame may be given); 0 to 1000. Tokens are
    /// counted by frames, rows and columns of patches.</param>
    /// <param name="text">The prepared prompts, B of them.</param>
    /// <param name="context">With the adapters that the text was prepared with; null: <see cref="ForwardContext.Plain"/>.</param>
    /// <returns>Velocity, float32 [B, C, F, H, W].</returns>
    /// <exception cref="InvalidInputException">A shape does not fit.</exception>
    public Tensor Forward(Tensor latents, Tensor timesteps, TextContext text, ForwardContext? context = null)
    {
        context ??= ForwardContext.Plain;
        using var scope = NewDisposeScope();
        latents = context.Condition is { } condition
            ? cat([latents, condition.to(latents.dtype, latents.device)], 1)
            : latents; // [B, C + condition, F, H, W]
        PatchGrid grid = CheckedGrid(latents, timesteps, text);
        Tensor x = _patches.Forward(latents, grid, context); // [B, S, dim]
        context.Observe?.Invoke("tokens", x);
        (TokenTimes e, TokenTimes e0) = _time.Forward(timesteps, context); // [B, 1, dim], [B, 6, dim], or by token
        x = context.Residual is { } residual
            ? residual.Add(x, tokens => Blocks(tokens, e0, grid, text, _blocks.Length, context))
            : Blocks(x, e0, grid, text, _blocks.Length, context); // [B, S, dim]
        Tensor patches = _head.Forward(x, e, context); // [B, S, p · q · r · C]
        context.Observe?.Invoke("head", patches);
        return _head.Join(patches, grid).MoveToOuterDisposeScope(); // [B, C, F, H, W]
    }

    /// <summary>The timesteps of latent frames as those of their tokens.</summary>
    /// <param name="timesteps">[B, F].</param>
    /// <param name="latents">[B, C, F, H, W].</param>
    /// <returns>[B, S].</returns>
    /// <exception cref="InvalidInputException">A shape does not fit, or a patch of this model spans several frames.</exception>
    public Tensor ByToken(Tensor timesteps, Tensor latents)
    {
        ArgumentNullException.ThrowIfNull(timesteps);
        PatchGrid grid = _patches.GridOf(latents, Config.LatentChannels);
        return Config.PatchSize.Frames == 1 && timesteps.shape is [_, var frames] && frames == grid.Frames
            ? timesteps.repeat_interleave(grid.Height * grid.Width, dim: 1)
            : throw new InvalidInputException(
                "timesteps",
                $"got shape [{string.Join(", ", timesteps.shape)}]; allowed: one for each of {grid.Frames} frames, of a model whose patches span one "
                    + $"frame (here: {Config.PatchSize.Frames}).");
    }

    /// <summary>The residual stream behind a block, for features; the blocks after it are not computed.</summary>
    /// <param name="latents">[B, C, F, H, W].</param>
    /// <param name="timesteps">[B], 0 to 1000.</param>
    /// <param name="text">The prepared prompts, B of them.</param>
    /// <param name="block">Index of the block, from 0.</param>
    /// <param name="context">With the adapters that the text was prepared with.</param>
    /// <returns>[B, S, dim], float32.</returns>
    /// <exception cref="InvalidInputException">A shape does not fit.</exception>
    internal Tensor ForwardTo(Tensor latents, Tensor timesteps, TextContext text, int block, ForwardContext context)
    {
        PatchGrid grid = CheckedGrid(latents, timesteps, text);
        using var scope = NewDisposeScope();
        Tensor x = _patches.Forward(latents, grid, context); // [B, S, dim]
        (_, TokenTimes e0) = _time.Forward(timesteps, context); // [B, 6, dim]
        return Blocks(x, e0, grid, text, block + 1, context).MoveToOuterDisposeScope(); // [B, S, dim]
    }

    /// <summary>The embedding e of timesteps.</summary>
    /// <param name="timesteps">0 to 1000.</param>
    /// <param name="context">Adapters.</param>
    /// <returns>[number of timesteps, dim], float32.</returns>
    internal Tensor EmbedTime(IReadOnlyList<float> timesteps, ForwardContext context)
    {
        using var scope = NewDisposeScope();
        return _time.Forward(tensor(timesteps.ToArray()), context).E.Values.squeeze(1).MoveToOuterDisposeScope(); // [steps, dim]
    }

    /// <summary>Tokens of a clip.</summary>
    /// <param name="latents">[B, C, F, H, W].</param>
    /// <exception cref="InvalidInputException">The shape does not fit.</exception>
    internal long TokensOf(Tensor latents) => _patches.GridOf(latents, Config.LatentChannels).Tokens;

    /// <inheritdoc />
    public void Dispose()
    {
        _patches.Dispose();
        _parameters.Dispose();
    }

    /// <summary>Builds the transformer over weights.</summary>
    /// <param name="weights">Reads the weights by their original names. Each is asked for once.</param>
    /// <param name="config">Dimensions.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="dataType">float32 or bfloat16: number type of linears and attention.</param>
    /// <returns>The transformer; the caller disposes it.</returns>
    /// <exception cref="ModelFormatException">The sizes do not fit together, or the reader has no such weight.</exception>
    public static WanTransformer Load(WeightReader weights, WanTransformerConfig config, Device device, ScalarType dataType) =>
        ParameterSet.Build(weights, device, dataType, parameters => new WanTransformer(parameters, config));

    // The first so many blocks. Without a gradient they change x itself.
    private Tensor Blocks(Tensor x, TokenTimes time, PatchGrid grid, TextContext text, int count, ForwardContext context)
    {
        using RotaryEmbedding rotary = new(Config.HeadDim, grid.Frames, grid.Height, grid.Width, Device);
        context.Observe?.Invoke("rope_cos", rotary.Cosines());
        context.Observe?.Invoke("rope_sin", rotary.Sines());
        for (int i = 0; i < count; i++)
        {
            using Tensor before = x;
            x = _blocks[i].Forward(x, time, rotary, text.Block(i), context.In(i)); // [B, S, dim]
            context.Observe?.Invoke($"block{i}", x);
        }

        return x;
    }

    private PatchGrid CheckedGrid(Tensor latents, Tensor timesteps, TextContext text)
    {
        ArgumentNullException.ThrowIfNull(timesteps);
        ArgumentNullException.ThrowIfNull(text);
        PatchGrid grid = _patches.GridOf(latents, Config.InChannels);
        long batch = latents.shape[0];
        bool fits = timesteps.shape is [var clips] && clips == batch
            || timesteps.shape is [var items, var tokens] && items == batch && tokens == grid.Tokens;
        return fits && text.Batch == batch
            ? grid
            : throw new InvalidInputException(
                "timesteps",
                $"got shape [{string.Join(", ", timesteps.shape)}] and {text.Batch} prompts; allowed: [{batch}] or [{batch}, {grid.Tokens}], and "
                    + $"{batch} prompts, for latents of {grid.Tokens} tokens.");
    }
}
