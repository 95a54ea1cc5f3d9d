using MedGen.Model.Parameters;
using MedGen.Model.Pictures;
using MedGen.Model.Transformers;
using MedGen.Sdk.Errors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGen.Model.ImageEncoders;

/// <summary>
/// The vision tower of CLIP (arXiv 2103.00020) as Wan 2.1's image to video uses it (<c>wan/modules/clip.py</c>): all tokens behind the last but one
/// block, without the norm and the head behind it. Not safe for use from several threads.
/// </summary>
internal sealed class ClipVisionEncoder : IDisposable
{
    private readonly ParameterSet _parameters;
    private readonly Tensor _patches;
    private readonly Tensor _class;
    private readonly Tensor _positions;
    private readonly Norm _preNorm;
    private readonly Block[] _blocks;

    private ClipVisionEncoder(ParameterSet parameters, ClipVisionConfig config)
    {
        (_parameters, Config) = (parameters, config);
        _patches = parameters.Take("visual.patch_embedding.weight", config.Dim, 3, config.PatchSize, config.PatchSize);
        _class = config.SplitsProjections
            ? parameters.TakeFloat32("visual.cls_embedding", config.Dim)
            : parameters.TakeFloat32("visual.cls_embedding", 1, 1, config.Dim);
        _positions = config.SplitsProjections
            ? parameters.TakeFloat32("visual.pos_embedding", config.Tokens, config.Dim)
            : parameters.TakeFloat32("visual.pos_embedding", 1, config.Tokens, config.Dim);
        _preNorm = new Norm(parameters, "visual.pre_norm", config);
        _blocks = [.. Enumerable.Range(0, config.NumLayers).Select(layer => new Block(parameters, $"visual.transformer.{layer}", config))];
    }

    /// <summary>Dimensions.</summary>
    public ClipVisionConfig Config { get; }

    /// <summary>Bytes that the weights take.</summary>
    public long WeightBytes => _parameters.ByteLength;

    /// <summary>Values in all weights.</summary>
    public long ParameterCount => _parameters.Weights.Values.Sum(weight => weight.ElementCount);

    /// <summary>Builds the encoder over weights.</summary>
    /// <param name="weights">Reads the weights by their original names.</param>
    /// <param name="config">Dimensions.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="dataType">Number type of linears and attention.</param>
    /// <exception cref="ModelFormatException">The reader has no such weight.</exception>
    public static ClipVisionEncoder Load(WeightReader weights, ClipVisionConfig config, Device device, ScalarType dataType) =>
        ParameterSet.Build(weights, device, dataType, parameters => new ClipVisionEncoder(parameters, config));

    /// <summary>Brings a picture to the tower's size and range: stretched, without a crop, as the reference does.</summary>
    /// <param name="picture">[B, 3, H, W] in [−1, 1].</param>
    /// <returns>[B, 3, S, S], float32.</returns>
    public Tensor Preprocess(Tensor picture)
    {
        using var scope = NewDisposeScope();
        Tensor square = BicubicResize.Apply(picture, Config.ImageSize, Config.ImageSize) * 0.5 + 0.5; // [B, 3, S, S]
        Tensor mean = tensor(Config.Mean.Select(value => (float)value).ToArray()).view(1, 3, 1, 1).to(square.device);
        Tensor std = tensor(Config.Std.Select(value => (float)value).ToArray()).view(1, 3, 1, 1).to(square.device);
        return ((square - mean) / std).MoveToOuterDisposeScope(); // [B, 3, S, S]
    }

    /// <summary>Encodes pictures.</summary>
    /// <param name="pixels">What <see cref="Preprocess"/> made, [B, 3, S, S].</param>
    /// <param name="observe">Told of each inner result by the reference's name for it; null: nobody looks.</param>
    /// <returns>[B, tokens, dim], the class token first, in the number type of the weights.</returns>
    public Tensor Forward(Tensor pixels, Action<string, Tensor>? observe = null)
    {
        using var scope = NewDisposeScope();
        Tensor patches = functional.conv2d(
            pixels.to(_parameters.DataType, _parameters.Device), _patches, strides: [Config.PatchSize, Config.PatchSize]); // [B, dim, S/p, S/p]
        observe?.Invoke("patch_embedding", patches);
        long batch = patches.size(0);
        Tensor tokens = patches.flatten(2).transpose(1, 2).to_type(ScalarType.Float32); // [B, patches, dim]
        Tensor x = cat([_class.view(1, 1, -1).expand(batch, 1, -1), tokens], 1) + _positions.view(1, Config.Tokens, -1); // [B, tokens, dim]
        x = _preNorm.Forward(x); // [B, tokens, dim]
        observe?.Invoke("pre_norm", x);
        for (int i = 0; i < _blocks.Length; i++)
        {
            x = _blocks[i].Forward(x, _parameters.DataType); // [B, tokens, dim]
            observe?.Invoke($"block{i}", x);
        }

        return x.to_type(_parameters.DataType).MoveToOuterDisposeScope(); // [B, tokens, dim]
    }

    /// <inheritdoc />
    public void Dispose() => _parameters.Dispose();

    private sealed class Norm(ParameterSet parameters, string name, ClipVisionConfig config)
    {
        private readonly Tensor _weight = parameters.TakeFloat32($"{name}.weight", config.Dim);
        private readonly Tensor _bias = parameters.TakeFloat32($"{name}.bias", config.Dim);

        // In float32.
        public Tensor Forward(Tensor x) => functional.layer_norm(x, [config.Dim], _weight, _bias, config.Eps);
    }

    /// <summary>Attention and feed-forward with the exact GELU, each behind a norm; the residual stream is float32.</summary>
    private sealed class Block(ParameterSet parameters, string name, ClipVisionConfig config)
    {
        private static readonly string[] Split = ["q", "k", "v"];

        private readonly Norm _norm1 = new(parameters, $"{name}.norm1", config);
        private readonly AdaptableLinear[] _projections =
        [
            .. config.SplitsProjections
                ? Split.Select(letter => AdaptableLinear.Take(parameters, $"{name}.attn.{letter}", config.Dim, config.Dim))
                : [AdaptableLinear.Take(parameters, $"{name}.attn.to_qkv", 3 * config.Dim, config.Dim)],
        ];

        private readonly AdaptableLinear _out = AdaptableLinear.Take(parameters, $"{name}.attn.proj", config.Dim, config.Dim);
        private readonly Norm _norm2 = new(parameters, $"{name}.norm2", config);
        private readonly AdaptableLinear _up = AdaptableLinear.Take(parameters, $"{name}.mlp.0", config.FfnDim, config.Dim);
        private readonly AdaptableLinear _down = AdaptableLinear.Take(parameters, $"{name}.mlp.2", config.Dim, config.FfnDim);

        /// <summary>[B, L, dim] → [B, L, dim].</summary>
        public Tensor Forward(Tensor x, ScalarType dataType)
        {
            using var scope = NewDisposeScope();
            Tensor normed = _norm1.Forward(x).to_type(dataType); // [B, L, dim]
            Tensor joined = cat([.. _projections.Select(projection => projection.Forward(normed, ForwardContext.Plain))], 2); // [B, L, 3 · dim]
            Tensor[] qkv = joined.unflatten(2, [3, config.NumHeads, config.Dim / config.NumHeads]).permute(2, 0, 3, 1, 4)
                .unbind(0); // 3 × [B, heads, L, headDim]
            Tensor attended = DotProductAttention.Forward(qkv[0], qkv[1], qkv[2], null).transpose(1, 2).flatten(2); // [B, L, dim]
            x = x + _out.Forward(attended, ForwardContext.Plain).to_type(ScalarType.Float32); // [B, L, dim]
            Tensor hidden = functional.gelu(_up.Forward(_norm2.Forward(x).to_type(dataType), ForwardContext.Plain)); // [B, L, ffnDim]
            return (x + _down.Forward(hidden, ForwardContext.Plain).to_type(ScalarType.Float32)).MoveToOuterDisposeScope(); // [B, L, dim]
        }
    }
}
