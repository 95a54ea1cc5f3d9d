using MedGen.Model.Parameters;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGen.Model.Transformers;

/// <summary>Embeds tokens of the image encoder (Wan2.1 <c>model.py</c>, <c>MLPProj</c>): norm, linear, exact GELU, linear, norm.</summary>
internal sealed class ImageEmbedding(ParameterSet parameters, WanTransformerConfig config)
{
    private const double Eps = 1e-5; // of these two norms; the blocks' is the config's

    private readonly int _imageDim = config.ImageDim!.Value;
    private readonly Tensor _norm1Weight = parameters.TakeFloat32("img_emb.proj.0.weight", config.ImageDim!.Value);
    private readonly Tensor _norm1Bias = parameters.TakeFloat32("img_emb.proj.0.bias", config.ImageDim!.Value);
    private readonly AdaptableLinear _first = AdaptableLinear.Take(parameters, "img_emb.proj.1", config.ImageDim!.Value, config.ImageDim!.Value);
    private readonly AdaptableLinear _second = AdaptableLinear.Take(parameters, "img_emb.proj.3", config.Dim, config.ImageDim!.Value);
    private readonly Tensor _norm2Weight = parameters.TakeFloat32("img_emb.proj.4.weight", config.Dim);
    private readonly Tensor _norm2Bias = parameters.TakeFloat32("img_emb.proj.4.bias", config.Dim);

    /// <summary>Embeds.</summary>
    /// <param name="tokens">[B, L, image_dim].</param>
    /// <param name="context">Adapters and observer.</param>
    /// <returns>[B, L, dim] in the number type of the linears.</returns>
    public Tensor Forward(Tensor tokens, ForwardContext context)
    {
        Tensor x = functional.layer_norm(
            tokens.to(ScalarType.Float32, parameters.Device), [_imageDim], context.Changed("img_emb.proj.0.weight", _norm1Weight),
            context.Changed("img_emb.proj.0.bias", _norm1Bias), Eps).to_type(parameters.DataType); // [B, L, image_dim]
        x = _second.Forward(functional.gelu(_first.Forward(x, context)), context); // [B, L, dim]
        Tensor embedded = functional.layer_norm(
            x.to_type(ScalarType.Float32), [config.Dim], context.Changed("img_emb.proj.4.weight", _norm2Weight),
            context.Changed("img_emb.proj.4.bias", _norm2Bias), Eps); // [B, L, dim]
        context.Observe?.Invoke("img_emb", embedded);
        return embedded.to_type(parameters.DataType); // [B, L, dim]
    }
}
