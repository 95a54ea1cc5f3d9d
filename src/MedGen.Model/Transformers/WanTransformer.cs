using MedGen.Abstractions.Errors;
using MedGen.Model.Adapters;
using MedGen.Model.Parameters;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGen.Model.Transformers;

/// <summary>
/// The diffusion transformer of Wan 2.1 and MedGen (Wan2.1 <c>wan/modules/model.py</c>, arXiv 2503.20314): predicts the velocity of the flow from a noisy latent,
/// a timestep and a text context. Built over given weights. Linears and attention compute in the number type it was loaded with; norms, modulation, time
/// embedding, residual stream and head in float32. Not safe for use from several threads.
/// </summary>
public sealed class WanTransformer : IDisposable
{
    private readonly ParameterSet _parameters;
    private readonly AdaptableLinear _patchEmbedding;
    private readonly AdaptableLinear _text0;
    private readonly AdaptableLinear _text2;
    private readonly AdaptableLinear _time0;
    private readonly AdaptableLinear _time2;
    private readonly AdaptableLinear _timeProjection;
    private readonly WanTransformerBlock[] _blocks;
    private readonly Tensor _headModulation;
    private readonly AdaptableLinear _head;

    private WanTransformer(ParameterSet parameters, WanTransformerConfig config)
    {
        _parameters = parameters;
        Config = config;
        (int p, int q, int r) = config.PatchSize;
        // A convolution whose kernel is its stride is a linear over the patch.
        Tensor patch = parameters.Take("patch_embedding.weight", config.Dim, config.InChannels, p, q, r);
        _patchEmbedding = new AdaptableLinear(
            "patch_embedding", patch.view(config.Dim, -1).DetachFromDisposeScope(), parameters.Take("patch_embedding.bias", config.Dim));
        _text0 = AdaptableLinear.Take(parameters, "text_embedding.0", config.Dim, config.TextDim);
        _text2 = AdaptableLinear.Take(parameters, "text_embedding.2", config.Dim, config.Dim);
        _time0 = AdaptableLinear.TakeFloat32(parameters, "time_embedding.0", config.Dim, config.FreqDim);
        _time2 = AdaptableLinear.TakeFloat32(parameters, "time_embedding.2", config.Dim, config.Dim);
        _timeProjection = AdaptableLinear.TakeFloat32(parameters, "time_projection.1", 6 * config.Dim, config.Dim);
        _blocks = [.. Enumerable.Range(0, config.NumLayers).Select(index => new WanTransformerBlock(parameters, index, config))];
        _headModulation = parameters.TakeFloat32("head.modulation", 1, 2, config.Dim);
        _head = AdaptableLinear.TakeFloat32(parameters, "head.head", p * q * r * config.OutChannels, config.Dim);
    }

    /// <summary>Dimensions.</summary>
    public WanTransformerConfig Config { get; }

    /// <summary>The weights by their original Wan names. They belong to the transformer.</summary>
    public IReadOnlyDictionary<string, Tensor> Parameters => _parameters.Tensors;

    /// <summary>Where it computes.</summary>
    public Device Device => _parameters.Device;

    /// <summary>Number type of linears and attention.</summary>
    public ScalarType DataType => _parameters.DataType;

    /// <summary>Shape [out, in] of each linear by module name, for adapters.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> Linears => Parameters
        .Where(pair => pair.Key.EndsWith(".weight", StringComparison.Ordinal) && pair.Value.dim() == 2)
        .ToDictionary(pair => pair.Key[..^".weight".Length], pair => (IReadOnlyList<long>)pair.Value.shape, StringComparer.Ordinal);

    /// <summary>Embeds prompts and computes each block's keys and values of them, once for all steps.</summary>
    /// <param name="contexts">Text encoder rows of each prompt's real tokens, [L, text_dim] with 1 ≤ L ≤ text_len.</param>
    /// <param name="adapters">The adapters that the forwards will use; null: none.</param>
    /// <returns>The prepared text; the caller disposes it.</returns>
    /// <exception cref="InvalidInputException">A context has another shape.</exception>
    public TextContext PrepareText(IReadOnlyList<Tensor> contexts, AdapterSet? adapters = null) => PrepareText(contexts, adapters, observe: null);

    /// <summary>As <see cref="PrepareText(IReadOnlyList{Tensor}, AdapterSet)"/>, with a look inside.</summary>
    /// <param name="contexts">Rows of each prompt.</param>
    /// <param name="adapters">Adapters; null: none.</param>
    /// <param name="observe">Told of <c>text_embedding</c>, [B, rows, dim], where one row stands for all padding.</param>
    internal TextContext PrepareText(IReadOnlyList<Tensor> contexts, AdapterSet? adapters, Action<string, Tensor>? observe)
    {
        ArgumentNullException.ThrowIfNull(contexts);
        ArgumentOutOfRangeException.ThrowIfZero(contexts.Count);
        foreach (Tensor context in contexts)
        {
            CheckContext(context);
        }

        using TorchSharp.DisposeScope scope = NewDisposeScope();
        // The reference pads every context with zero rows to text_len, embeds them and does not mask them. All those rows are alike, so one key stands for
        // them, with the logarithm of their number on its logit. That is exact.
        long[] real = [.. contexts.Select(context => context.shape[0])];
        bool isPadded = real.Any(length => length < Config.TextLength);
        long rows = real.Max() + (isPadded ? 1 : 0);
        Tensor padded = stack([.. contexts.Select(context => PadRows(context, rows))]); // [B, rows, text_dim]
        Tensor embedded = _text2.Forward(_text0.ForwardGelu(padded, adapters), adapters); // [B, rows, dim]
        observe?.Invoke("text_embedding", embedded);
        Tensor? bias = isPadded ? PaddingBias(real, rows).DetachFromDisposeScope() : null;
        List<(Tensor Key, Tensor Value)> blocks = [];
        foreach (WanTransformerBlock block in _blocks)
        {
            (Tensor key, Tensor value) = block.TextProjection(embedded, adapters);
            blocks.Add((key.DetachFromDisposeScope(), value.DetachFromDisposeScope()));
        }

        return new TextContext(contexts.Count, blocks, bias);
    }

    /// <summary>Predicts the velocity for latents of one shape.</summary>
    /// <param name="latents">[B, C, F, H, W]; frames, height and width are multiples of the patch size.</param>
    /// <param name="timesteps">[B], 0 to 1000.</param>
    /// <param name="text">The prepared prompts, B of them.</param>
    /// <param name="adapters">The adapters that the text was prepared with; null: none.</param>
    /// <returns>Velocity, float32 [B, C, F, H, W].</returns>
    /// <exception cref="InvalidInputException">A shape does not fit.</exception>
    public Tensor Forward(Tensor latents, Tensor timesteps, TextContext text, AdapterSet? adapters = null) =>
        Forward(latents, timesteps, text, adapters, observe: null);

    /// <summary>As <see cref="Forward(Tensor, Tensor, TextContext, AdapterSet)"/>, with a look inside.</summary>
    /// <param name="latents">[B, C, F, H, W].</param>
    /// <param name="timesteps">[B].</param>
    /// <param name="text">The prepared prompts.</param>
    /// <param name="adapters">Adapters; null: none.</param>
    /// <param name="observe">Told of each inner result by the reference's name for it, for instance <c>block0.norm1</c>; null: nobody looks.</param>
    /// <param name="residual">What the blocks add is kept there, or taken from there instead; null: neither.</param>
    internal Tensor Forward(
        Tensor latents, Tensor timesteps, TextContext text, AdapterSet? adapters, Action<string, Tensor>? observe, BlockResidual? residual = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        CheckLatents(latents, timesteps, text);
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        (long f, long h, long w) = Grid(latents);
        Tensor x = _patchEmbedding.Forward(Patchify(latents, f, h, w), adapters).to_type(ScalarType.Float32); // [B, S, dim]
        observe?.Invoke("tokens", x);
        (Tensor e, Tensor e0) = EmbedTime(timesteps, adapters, observe); // [B, dim], [B, 6, dim]
        if (residual?.Reused is { } reused)
        {
            x = x + reused; // [B, S, dim]
        }
        else
        {
            using Tensor? before = residual is null ? null : x.clone();
            x = Blocks(x, e0, (f, h, w), text, adapters, observe); // [B, S, dim]
            residual?.Keep(before!, x);
        }

        Tensor tokens = Head(x, e, adapters); // [B, S, p · q · r · C]
        observe?.Invoke("head", tokens);
        return Unpatchify(tokens, f, h, w).MoveToOuterDisposeScope(); // [B, C, F, H, W]
    }

    /// <summary>The embedding e of timesteps.</summary>
    /// <param name="timesteps">0 to 1000.</param>
    /// <param name="adapters">Adapters; null: none.</param>
    /// <returns>[number of timesteps, dim], float32.</returns>
    internal Tensor EmbedTime(IReadOnlyList<float> timesteps, AdapterSet? adapters)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        return EmbedTime(tensor(timesteps.ToArray()), adapters, observe: null).E.MoveToOuterDisposeScope();
    }

    /// <summary>Predicts velocities for latents of any shapes, one after the other, as the reference's call signature has it.</summary>
    /// <param name="latents">Each [C, F, H, W].</param>
    /// <param name="timesteps">One for each latent, [B].</param>
    /// <param name="contexts">One for each latent, [L, text_dim].</param>
    /// <param name="sequenceLength">Tokens that the reference pads each item to; padding is never attended to, so it only is a limit here. Null: none.</param>
    /// <param name="adapters">Adapters in use; null: none.</param>
    /// <returns>Velocity of each item, float32 [C, F, H, W].</returns>
    /// <exception cref="InvalidInputException">A shape does not fit, or an item has more tokens than allowed.</exception>
    public IReadOnlyList<Tensor> Forward(
        IReadOnlyList<Tensor> latents, Tensor timesteps, IReadOnlyList<Tensor> contexts, int? sequenceLength = null, AdapterSet? adapters = null)
    {
        ArgumentNullException.ThrowIfNull(latents);
        ArgumentNullException.ThrowIfNull(contexts);
        ArgumentNullException.ThrowIfNull(timesteps);
        if (contexts.Count != latents.Count || timesteps.shape is not [var steps] || steps != latents.Count)
        {
            throw new InvalidInputException(
                "timesteps", $"got {latents.Count} latents, {contexts.Count} contexts and timesteps of shape [{string.Join(", ", timesteps.shape)}]; needed as many of each.");
        }

        List<Tensor> results = [];
        for (int i = 0; i < latents.Count; i++)
        {
            using TorchSharp.DisposeScope scope = NewDisposeScope();
            using TextContext text = PrepareText([contexts[i]], adapters);
            Tensor latent = latents[i].unsqueeze(0); // [1, C, F, H, W]
            CheckLatents(latent, timesteps.narrow(0, i, 1), text);
            (long f, long h, long w) = Grid(latent);
            if (f * h * w > sequenceLength)
            {
                throw new InvalidInputException("sequence_length", $"got {sequenceLength} for a latent of {f * h * w} tokens; allowed is at least that number.");
            }

            results.Add(Forward(latent, timesteps.narrow(0, i, 1), text, adapters).squeeze(0).MoveToOuterDisposeScope()); // [C, F, H, W]
        }

        return results;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _patchEmbedding.Weight.Dispose();
        _parameters.Dispose();
    }

    /// <summary>Builds the transformer over weights.</summary>
    /// <param name="weights">Reads the weights by their original names. Each is asked for once.</param>
    /// <param name="config">Dimensions.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="dataType">float32 or bfloat16: number type of linears and attention.</param>
    /// <returns>The transformer; the caller disposes it.</returns>
    /// <exception cref="ModelFormatException">The sizes do not fit together, or the reader has no such weight.</exception>
    public static WanTransformer Load(WeightReader weights, WanTransformerConfig config, Device device, ScalarType dataType)
    {
        ParameterSet parameters = new(weights, device, dataType);
        try
        {
            return new WanTransformer(parameters, config);
        }
        catch
        {
            parameters.Dispose();
            throw;
        }
    }

    private static Action<string, Tensor>? Under(int block, Action<string, Tensor>? observe) =>
        observe is null ? null : (name, activation) => observe($"block{block}.{name}", activation);

    // Without a gradient the blocks change x itself.
    private Tensor Blocks(Tensor x, Tensor e0, (long F, long H, long W) grid, TextContext text, AdapterSet? adapters, Action<string, Tensor>? observe)
    {
        using RotaryEmbedding rotary = new(Config.HeadDim, grid.F, grid.H, grid.W, Device);
        observe?.Invoke("rope_cos", rotary.Cosines());
        observe?.Invoke("rope_sin", rotary.Sines());
        for (int i = 0; i < _blocks.Length; i++)
        {
            Tensor next = _blocks[i].Forward(x, e0, rotary, text.Block(i), adapters, Under(i, observe)); // [B, S, dim]
            observe?.Invoke($"block{i}", next);
            if (!ReferenceEquals(next, x))
            {
                x.Dispose();
                x = next;
            }
        }

        return x;
    }

    // Sinusoid in float64: float32 angles would cost 2e-5.
    private (Tensor E, Tensor E0) EmbedTime(Tensor timesteps, AdapterSet? adapters, Action<string, Tensor>? observe)
    {
        int half = Config.FreqDim / 2;
        Tensor frequencies = pow(10000.0, arange(0, half, ScalarType.Float64) / -(double)half); // [freqDim / 2]
        Tensor angles = outer(timesteps.to(ScalarType.Float64, CPU), frequencies); // [B, freqDim / 2]
        Tensor sinusoid = cat([angles.cos(), angles.sin()], dim: 1).to(ScalarType.Float32, Device); // [B, freqDim]
        Tensor e = _time2.Forward(functional.silu(_time0.Forward(sinusoid, adapters), false), adapters); // [B, dim]
        Tensor e0 = _timeProjection.Forward(functional.silu(e, false), adapters).unflatten(1, [6, Config.Dim]); // [B, 6, dim]
        observe?.Invoke("time_sinusoid", sinusoid);
        observe?.Invoke("e", e);
        observe?.Invoke("e0", e0);
        return (e, e0);
    }

    private Tensor Patchify(Tensor latents, long f, long h, long w)
    {
        (int p, int q, int r) = Config.PatchSize;
        return latents.to(DataType, Device).view(latents.shape[0], Config.InChannels, f, p, h, q, w, r)
            .permute(0, 2, 4, 6, 1, 3, 5, 7).reshape(latents.shape[0], f * h * w, -1); // [B, S, C · p · q · r]
    }

    private Tensor Head(Tensor x, Tensor e, AdapterSet? adapters)
    {
        Tensor[] m = (_headModulation + e.unsqueeze(1)).chunk(2, dim: 1); // 2 × [B, 1, dim]: shift, scale
        Tensor modulated = m[0].addcmul(functional.layer_norm(x, [Config.Dim], null!, null!, Config.Eps), m[1] + 1, 1); // [B, S, dim]
        return _head.Forward(modulated, adapters); // [B, S, p · q · r · C]
    }

    private Tensor Unpatchify(Tensor tokens, long f, long h, long w)
    {
        (int p, int q, int r) = Config.PatchSize;
        return tokens.view(tokens.shape[0], f, h, w, p, q, r, Config.OutChannels)
            .permute(0, 7, 1, 4, 2, 5, 3, 6).reshape(tokens.shape[0], Config.OutChannels, f * p, h * q, w * r); // [B, C, F, H, W]
    }

    private (long Frames, long Height, long Width) Grid(Tensor latents) => (
        latents.shape[2] / Config.PatchSize.Frames, latents.shape[3] / Config.PatchSize.Height, latents.shape[4] / Config.PatchSize.Width);

    private Tensor PadRows(Tensor context, long rows)
    {
        Tensor moved = context.to(DataType, Device); // [L, text_dim]
        return cat([moved, moved.new_zeros(rows - context.shape[0], Config.TextDim)], dim: 0); // [rows, text_dim]
    }

    private Tensor PaddingBias(long[] real, long rows)
    {
        float[] bias = new float[real.Length * rows];
        for (int item = 0; item < real.Length; item++)
        {
            for (long row = real[item]; row < rows; row++)
            {
                long padding = Config.TextLength - real[item];
                bias[(item * rows) + row] = row == real[item] && padding > 0 ? MathF.Log(padding) : float.NegativeInfinity;
            }
        }

        return tensor(bias).view(real.Length, 1, 1, rows).to(DataType, Device); // [B, 1, 1, rows]
    }

    private void CheckContext(Tensor context)
    {
        if (context.shape is not [var length, var width] || width != Config.TextDim || length < 1 || length > Config.TextLength)
        {
            throw new InvalidInputException(
                "contexts", $"got a context of shape [{string.Join(", ", context.shape)}]; allowed is [1 to {Config.TextLength}, {Config.TextDim}].");
        }
    }

    private void CheckLatents(Tensor latents, Tensor timesteps, TextContext text)
    {
        ArgumentNullException.ThrowIfNull(latents);
        ArgumentNullException.ThrowIfNull(timesteps);
        (int p, int q, int r) = Config.PatchSize;
        if (latents.shape is not [_, var c, var f, var h, var w] || c != Config.InChannels || f < p || h < q || w < r || f % p != 0 || h % q != 0 || w % r != 0)
        {
            throw new InvalidInputException(
                "latents", $"got shape [{string.Join(", ", latents.shape)}]; allowed is [B, {Config.InChannels}, F, H, W] with F, H, W multiples of {p}, {q}, {r}.");
        }

        if (timesteps.shape is not [var steps] || steps != latents.shape[0] || text.Batch != latents.shape[0])
        {
            throw new InvalidInputException(
                "timesteps", $"got shape [{string.Join(", ", timesteps.shape)}] and {text.Batch} prompts for {latents.shape[0]} latents; needed as many of each.");
        }
    }
}
