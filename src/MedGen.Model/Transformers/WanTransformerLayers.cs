using MedGen.Sdk.Errors;
using MedGen.Model.Parameters;
using MedGen.Torch.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGen.Model.Transformers;

/// <summary>A linear over given weights that adapters may add to.</summary>
/// <param name="Name">Original module name, for instance <c>blocks.0.self_attn.q</c>.</param>
/// <param name="Weight">[out, in].</param>
/// <param name="Bias">[out].</param>
internal sealed record AdaptableLinear(string Name, StoredWeight Weight, Tensor Bias)
{
    /// <summary>Takes weight and bias in the set's number type.</summary>
    public static AdaptableLinear Take(ParameterSet parameters, string name, long outFeatures, long inFeatures) =>
        new(
            name, parameters.TakeStored($"{name}.weight", parameters.DataType, outFeatures, inFeatures),
            parameters.Take($"{name}.bias", outFeatures));

    /// <summary>Takes weight and bias in float32, whatever the set's number type.</summary>
    public static AdaptableLinear TakeFloat32(ParameterSet parameters, string name, long outFeatures, long inFeatures) =>
        new(
            name, parameters.TakeStored($"{name}.weight", ScalarType.Float32, outFeatures, inFeatures),
            parameters.TakeFloat32($"{name}.bias", outFeatures));

    /// <summary>[..., in] → [..., out].</summary>
    public Tensor Forward(Tensor x, ForwardContext context)
    {
        using Tensor weight = Weight.Read(x.dtype); // [out, in]
        Tensor y = MedGen.Torch.Operations.Linear.Forward(x, weight, Bias); // [..., out]
        context.Adapters?.AddTo(Name, x, weight, y);
        return y;
    }

    /// <summary>As <see cref="Forward"/>, with GELU (tanh) behind it.</summary>
    public Tensor ForwardGelu(Tensor x, ForwardContext context)
    {
        if (context.Adapters is null)
        {
            using Tensor weight = Weight.Read(x.dtype); // [out, in]
            return MedGen.Torch.Operations.Linear.ForwardGelu(x, weight, Bias);
        }

        using Tensor y = Forward(x, context); // [..., out]
        return functional.gelu(y, TorchSharp.Modules.GELU.Approximate.tanh, false);
    }
}

/// <summary>How many patches, and so tokens, latents are cut into.</summary>
/// <param name="Frames">Along time.</param>
/// <param name="Height">Along height.</param>
/// <param name="Width">Along width.</param>
internal readonly record struct PatchGrid(long Frames, long Height, long Width)
{
    /// <summary>Tokens in all.</summary>
    public long Tokens => Frames * Height * Width;
}

/// <summary>Cuts latents into patches and makes a token of each (Wan2.1 <c>model.py</c>, <c>patch_embedding</c>).</summary>
internal sealed class PatchEmbedding : IDisposable
{
    private readonly WanTransformerConfig _config;
    private readonly Device _device;
    private readonly ScalarType _dataType;
    private readonly AdaptableLinear _linear;

    public PatchEmbedding(ParameterSet parameters, WanTransformerConfig config)
    {
        (_config, _device, _dataType) = (config, parameters.Device, parameters.DataType);
        (int p, int q, int r) = config.PatchSize;
        // A convolution whose kernel is its stride is a linear over the patch.
        Tensor patch = parameters.Take("patch_embedding.weight", config.Dim, config.InChannels, p, q, r);
        _linear = new AdaptableLinear(
            "patch_embedding", patch.view(config.Dim, -1).DetachFromDisposeScope(), parameters.Take("patch_embedding.bias", config.Dim));
    }

    /// <summary>The patches of latents.</summary>
    /// <param name="latents">[B, C, F, H, W].</param>
    /// <param name="channels">How many they must have.</param>
    /// <exception cref="InvalidInputException">Another number of channels, or a size that is no multiple of the patch.</exception>
    public PatchGrid GridOf(Tensor latents, int channels)
    {
        ArgumentNullException.ThrowIfNull(latents);
        (int p, int q, int r) = _config.PatchSize;
        if (latents.shape is not [_, var c, var f, var h, var w] || c != channels || f < p || h < q || w < r || f % p != 0 || h % q != 0
            || w % r != 0)
        {
            throw new InvalidInputException(
                "latents",
                $"got shape [{string.Join(", ", latents.shape)}]; allowed: [B, {channels}, F, H, W] with F, H, W multiples of {p}, {q}, "
                    + $"{r}.");
        }

        return new(f / p, h / q, w / r);
    }

    /// <summary>Embeds latents.</summary>
    /// <returns>The residual stream: float32 [B, S, dim].</returns>
    public Tensor Forward(Tensor latents, PatchGrid grid, ForwardContext context)
    {
        (int p, int q, int r) = _config.PatchSize;
        Tensor patches = latents.to(_dataType, _device).view(latents.shape[0], _config.InChannels, grid.Frames, p, grid.Height, q, grid.Width, r)
            .permute(0, 2, 4, 6, 1, 3, 5, 7).reshape(latents.shape[0], grid.Tokens, -1); // [B, S, C · p · q · r]
        return _linear.Forward(patches, context).to_type(ScalarType.Float32); // [B, S, dim]
    }

    // The weight's view; the weights themselves belong to the transformer.
    public void Dispose() => _linear.Weight.Dispose();
}

/// <summary>Embeds timesteps (Wan2.1 <c>model.py</c>, <c>time_embedding</c> and <c>time_projection</c>), in float32.</summary>
internal sealed class TimeEmbedding(ParameterSet parameters, WanTransformerConfig config)
{
    private readonly AdaptableLinear _first = AdaptableLinear.TakeFloat32(parameters, "time_embedding.0", config.Dim, config.FreqDim);
    private readonly AdaptableLinear _second = AdaptableLinear.TakeFloat32(parameters, "time_embedding.2", config.Dim, config.Dim);
    private readonly AdaptableLinear _projection = AdaptableLinear.TakeFloat32(parameters, "time_projection.1", 6 * config.Dim, config.Dim);

    /// <summary>Embeds timesteps.</summary>
    /// <param name="timesteps">[B], or [B, S] for each token its own; 0 to 1000.</param>
    /// <param name="context">Adapters and observer.</param>
    /// <returns>e for the head, [B, 1, dim], and e0 for the blocks, [B, 6, dim]; of tokens with their own, of each distinct timestep.</returns>
    public (TokenTimes E, TokenTimes E0) Forward(Tensor timesteps, ForwardContext context)
    {
        if (timesteps.dim() == 1)
        {
            (Tensor sinusoid, Tensor e, Tensor e0) = Embed(timesteps, context);
            Observe(context, sinusoid, e, e0);
            return (new(e.unsqueeze(1), null), new(e0, null));
        }

        (Tensor distinct, Tensor? inverse, _) = timesteps.unique(sorted: true, return_inverse: true); // [U], [B, S]
        Tensor index = inverse!.to(parameters.Device);
        (Tensor sinusoids, Tensor es, Tensor e0s) = Embed(distinct, context);
        if (context.Observe is not null)
        {
            Observe(context, sinusoids[index], es[index], e0s[index]);
        }

        return (new(es.unsqueeze(1), index), new(e0s, index));
    }

    private static void Observe(ForwardContext context, Tensor sinusoid, Tensor e, Tensor e0)
    {
        context.Observe?.Invoke("time_sinusoid", sinusoid);
        context.Observe?.Invoke("e", e);
        context.Observe?.Invoke("e0", e0);
    }

    private (Tensor Sinusoid, Tensor E, Tensor E0) Embed(Tensor timesteps, ForwardContext context)
    {
        // Sinusoid in float64: float32 angles would cost 2e-5.
        int half = config.FreqDim / 2;
        Tensor frequencies = pow(10000.0, arange(0, half, ScalarType.Float64) / -(double)half); // [freqDim / 2]
        Tensor angles = outer(timesteps.to(ScalarType.Float64, CPU), frequencies); // [B, freqDim / 2]
        Tensor sinusoid = cat([angles.cos(), angles.sin()], dim: 1).to(ScalarType.Float32, parameters.Device); // [B, freqDim]
        Tensor e = _second.Forward(functional.silu(_first.Forward(sinusoid, context), false), context); // [B, dim]
        Tensor e0 = _projection.Forward(functional.silu(e, false), context).unflatten(1, [6, config.Dim]); // [B, 6, dim]
        return (sinusoid, e, e0);
    }
}

/// <summary>
/// Embeds rows of the text encoder (Wan2.1 <c>model.py</c>, <c>text_embedding</c>). The reference pads every prompt with zero rows to
/// <c>text_len</c>, embeds them and does not mask them. All those rows are alike, so one key stands for them here, with the logarithm of their number
/// on its logit. That is exact.
/// </summary>
internal sealed class TextEmbedding(ParameterSet parameters, WanTransformerConfig config)
{
    private readonly AdaptableLinear _first = AdaptableLinear.Take(parameters, "text_embedding.0", config.Dim, config.TextDim);
    private readonly AdaptableLinear _second = AdaptableLinear.Take(parameters, "text_embedding.2", config.Dim, config.Dim);

    /// <summary>Embeds prompts.</summary>
    /// <param name="contexts">Rows of each prompt's real tokens, [L, text_dim] with 1 ≤ L ≤ text_len.</param>
    /// <param name="context">Adapters and observer.</param>
    /// <returns>[B, rows, dim] and what is added to the logits of its keys, [B, 1, 1, rows]; null where no prompt is padded.</returns>
    /// <exception cref="InvalidInputException">A context has another shape.</exception>
    public (Tensor Embedded, Tensor? Bias) Forward(IReadOnlyList<Tensor> contexts, ForwardContext context)
    {
        ArgumentOutOfRangeException.ThrowIfZero(contexts.Count);
        foreach (Tensor prompt in contexts)
        {
            ThrowIfOfAnotherShape(prompt);
        }

        long[] real = [.. contexts.Select(prompt => prompt.shape[0])];
        bool isPadded = real.Any(length => length < config.TextLength);
        long rows = real.Max() + (isPadded ? 1 : 0);
        Tensor padded = stack([.. contexts.Select(prompt => PadRows(prompt, rows))]); // [B, rows, text_dim]
        Tensor embedded = _second.Forward(_first.ForwardGelu(padded, context), context); // [B, rows, dim]
        return (embedded, isPadded ? PaddingBias(real, rows) : null);
    }

    private Tensor PadRows(Tensor prompt, long rows)
    {
        Tensor moved = prompt.to(parameters.DataType, parameters.Device); // [L, text_dim]
        return cat([moved, moved.new_zeros(rows - prompt.shape[0], config.TextDim)], dim: 0); // [rows, text_dim]
    }

    private Tensor PaddingBias(long[] real, long rows)
    {
        float[] bias = new float[real.Length * rows];
        for (int item = 0; item < real.Length; item++)
        {
            for (long row = real[item]; row < rows; row++)
            {
                long padding = config.TextLength - real[item];
                bias[(item * rows) + row] = row == real[item] && padding > 0 ? MathF.Log(padding) : float.NegativeInfinity;
            }
        }

        return tensor(bias).view(real.Length, 1, 1, rows).to(parameters.DataType, parameters.Device); // [B, 1, 1, rows]
    }

    private void ThrowIfOfAnotherShape(Tensor prompt)
    {
        if (prompt.shape is not [var length, var width] || width != config.TextDim || length < 1 || length > config.TextLength)
        {
            throw new InvalidInputException(
                "contexts", $"got a context of shape [{string.Join(", ", prompt.shape)}]; allowed: [1 to {config.TextLength}, {config.TextDim}].");
        }
    }
}

/// <summary>
/// Rotary position embedding over frames, rows and columns (RoFormer, arXiv 2104.09864; Wan2.1 <c>rope_apply</c>): interleaved pairs, each axis with
/// frequencies of its own; angles in float64.
/// </summary>
internal sealed class RotaryEmbedding : IDisposable
{
    private readonly Tensor _turns; // [S, 1, headDim / 2], complex numbers of length 1, float32

    public RotaryEmbedding(int headDim, long frames, long height, long width, Device device)
    {
        using var scope = NewDisposeScope();
        int side = 2 * (headDim / 6);
        Tensor f = Angles(frames, headDim - (2 * side)).view(frames, 1, 1, -1).expand(frames, height, width, -1);
        Tensor h = Angles(height, side).view(1, height, 1, -1).expand(frames, height, width, -1);
        Tensor w = Angles(width, side).view(1, 1, width, -1).expand(frames, height, width, -1);
        Tensor angles = cat([f, h, w], dim: -1).view(frames * height * width, 1, headDim / 2); // [S, 1, headDim / 2]
        _turns = complex(angles.cos().to_type(ScalarType.Float32), angles.sin().to_type(ScalarType.Float32)).to(device).DetachFromDisposeScope();
    }

    /// <summary>Cosines of the angles, [S, headDim / 2]; the caller owns the view.</summary>
    public Tensor Cosines() => _turns.real.squeeze(1);

    /// <summary>Sines of the angles, [S, headDim / 2]; the caller owns the view.</summary>
    public Tensor Sines() => _turns.imag.squeeze(1);

    /// <summary>Turns queries or keys [B, S, heads, headDim]; the result is float32.</summary>
    public Tensor Apply(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor pairs = view_as_complex(x.to_type(ScalarType.Float32).unflatten(3, [x.shape[3] / 2, 2])); // [B, S, heads, headDim / 2]
        return view_as_real(pairs * _turns).flatten(3).MoveToOuterDisposeScope(); // [B, S, heads, headDim]
    }

    public void Dispose() => _turns.Dispose();

    private static Tensor Angles(long positions, int axisDim)
    {
        Tensor frequencies = pow(10000.0, arange(0, axisDim, 2, ScalarType.Float64) / -(double)axisDim); // [axisDim / 2]
        return outer(arange(positions, ScalarType.Float64), frequencies); // [positions, axisDim / 2]
    }
}

/// <summary>Makes a velocity of the tokens (Wan2.1 <c>model.py</c>, <c>Head</c> and <c>unpatchify</c>), in float32.</summary>
internal sealed class VelocityHead(ParameterSet parameters, WanTransformerConfig config)
{
    private readonly Tensor _modulation = parameters.TakeFloat32("head.modulation", 1, 2, config.Dim);
    private readonly AdaptableLinear _linear = AdaptableLinear.TakeFloat32(
        parameters, "head.head", config.PatchSize.Frames * config.PatchSize.Height * config.PatchSize.Width * config.OutChannels, config.Dim);

    /// <summary>What each token says of its patch.</summary>
    /// <param name="x">The residual stream, [B, S, dim].</param>
    /// <param name="time">The time embedding, [B, 1, dim] or by token.</param>
    /// <param name="context">Adapters and observer.</param>
    /// <returns>[B, S, p · q · r · C].</returns>
    public Tensor Forward(Tensor x, TokenTimes time, ForwardContext context)
    {
        Tensor m = context.Changed("head.modulation", _modulation) + time.Values; // [B, 2, dim]
        (Tensor shift, Tensor scale) = (time.Of(m.narrow(1, 0, 1)), time.Of(m.narrow(1, 1, 1))); // [B, 1, dim] each
        Tensor modulated = shift.addcmul(functional.layer_norm(x, [config.Dim], null!, null!, config.Eps), scale + 1, 1); // [B, S, dim]
        return _linear.Forward(modulated, context); // [B, S, p · q · r · C]
    }

    /// <summary>Joins the patches.</summary>
    /// <param name="tokens">[B, S, p · q · r · C].</param>
    /// <param name="grid">The patches.</param>
    /// <returns>[B, C, F, H, W].</returns>
    public Tensor Join(Tensor tokens, PatchGrid grid)
    {
        (int p, int q, int r) = config.PatchSize;
        return tokens.view(tokens.shape[0], grid.Frames, grid.Height, grid.Width, p, q, r, config.OutChannels)
            .permute(0, 7, 1, 4, 2, 5, 3, 6)
            .reshape(tokens.shape[0], config.OutChannels, grid.Frames * p, grid.Height * q, grid.Width * r); // [B, C, F, H, W]
    }
}
