using MedGen.Abstractions.Errors;
using MedGen.Model.Adapters;
using MedGen.Model.Parameters;
using static TorchSharp.torch;

namespace MedGen.Model.Transformers;

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
        _linear = new AdaptableLinear("patch_embedding", patch.view(config.Dim, -1).DetachFromDisposeScope(), parameters.Take("patch_embedding.bias", config.Dim));
    }

    /// <summary>The patches of latents.</summary>
    /// <param name="latents">[B, C, F, H, W].</param>
    /// <exception cref="InvalidInputException">Another number of channels, or a size that is no multiple of the patch.</exception>
    public PatchGrid GridOf(Tensor latents)
    {
        ArgumentNullException.ThrowIfNull(latents);
        (int p, int q, int r) = _config.PatchSize;
        if (latents.shape is not [_, var c, var f, var h, var w] || c != _config.InChannels || f < p || h < q || w < r || f % p != 0 || h % q != 0 || w % r != 0)
        {
            throw new InvalidInputException(
                "latents", $"got shape [{string.Join(", ", latents.shape)}]; allowed is [B, {_config.InChannels}, F, H, W] with F, H, W multiples of {p}, {q}, {r}.");
        }

        return new(f / p, h / q, w / r);
    }

    /// <summary>Embeds latents.</summary>
    /// <returns>The residual stream: float32 [B, S, dim].</returns>
    public Tensor Forward(Tensor latents, PatchGrid grid, AdapterSet? adapters)
    {
        (int p, int q, int r) = _config.PatchSize;
        Tensor patches = latents.to(_dataType, _device).view(latents.shape[0], _config.InChannels, grid.Frames, p, grid.Height, q, grid.Width, r)
            .permute(0, 2, 4, 6, 1, 3, 5, 7).reshape(latents.shape[0], grid.Tokens, -1); // [B, S, C · p · q · r]
        return _linear.Forward(patches, adapters).to_type(ScalarType.Float32); // [B, S, dim]
    }

    // The weight's view; the weights themselves belong to the transformer.
    public void Dispose() => _linear.Weight.Dispose();
}
