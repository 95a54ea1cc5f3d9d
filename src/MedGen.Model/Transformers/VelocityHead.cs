using MedGen.Model.Adapters;
using MedGen.Model.Parameters;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGen.Model.Transformers;

/// <summary>Makes a velocity of the tokens (Wan2.1 <c>model.py</c>, <c>Head</c> and <c>unpatchify</c>), in float32.</summary>
internal sealed class VelocityHead(ParameterSet parameters, WanTransformerConfig config)
{
    private readonly Tensor _modulation = parameters.TakeFloat32("head.modulation", 1, 2, config.Dim);
    private readonly AdaptableLinear _linear = AdaptableLinear.TakeFloat32(
        parameters, "head.head", config.PatchSize.Frames * config.PatchSize.Height * config.PatchSize.Width * config.OutChannels, config.Dim);

    /// <summary>What each token says of its patch.</summary>
    /// <param name="x">The residual stream, [B, S, dim].</param>
    /// <param name="e">The time embedding, [B, dim].</param>
    /// <param name="adapters">Adapters; null: none.</param>
    /// <returns>[B, S, p · q · r · C].</returns>
    public Tensor Forward(Tensor x, Tensor e, AdapterSet? adapters)
    {
        Tensor[] m = (_modulation + e.unsqueeze(1)).chunk(2, dim: 1); // 2 × [B, 1, dim]: shift, scale
        Tensor modulated = m[0].addcmul(functional.layer_norm(x, [config.Dim], null!, null!, config.Eps), m[1] + 1, 1); // [B, S, dim]
        return _linear.Forward(modulated, adapters); // [B, S, p · q · r · C]
    }

    /// <summary>Joins the patches.</summary>
    /// <param name="tokens">[B, S, p · q · r · C].</param>
    /// <param name="grid">The patches.</param>
    /// <returns>[B, C, F, H, W].</returns>
    public Tensor Join(Tensor tokens, PatchGrid grid)
    {
        (int p, int q, int r) = config.PatchSize;
        return tokens.view(tokens.shape[0], grid.Frames, grid.Height, grid.Width, p, q, r, config.OutChannels)
            .permute(0, 7, 1, 4, 2, 5, 3, 6).reshape(tokens.shape[0], config.OutChannels, grid.Frames * p, grid.Height * q, grid.Width * r); // [B, C, F, H, W]
    }
}
