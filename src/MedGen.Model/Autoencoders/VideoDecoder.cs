using MedGen.Model.Parameters;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MedGen.Model.Autoencoders;

/// <summary>
/// From latents [B, z, T, H, W] to frames [B, 3, T', sH, sW], s = 8 or 16 (Decoder3d of wan/modules/vae.py and vae2_2.py).
/// </summary>
internal sealed class VideoDecoder
{
    private readonly long _patch;
    private readonly CausalConv3d _conv1;
    private readonly LayerSequence _layers = new();
    private readonly int _settled; // layers up to the last one that doubles time
    private readonly ChannelNorm _headNorm;
    private readonly CausalConv3d _head;

    public VideoDecoder(ParameterSet parameters, WanAutoencoderConfig config)
    {
        int[] multipliers = [.. config.Multipliers.Reverse()];
        bool[] temporal = [.. config.TemporalDownsample.Reverse()];
        _patch = config.PatchSize;
        long channels = config.DecoderDim * multipliers[0];
        _conv1 = new CausalConv3d(parameters, "decoder.conv1", config.LatentChannels, channels, time: 3, space: 3);
        Add("middle.0", name => new ResidualBlock(parameters, name, channels, channels));
        Add("middle.1", name => new FrameAttention(parameters, name, channels));
        Add("middle.2", name => new ResidualBlock(parameters, name, channels, channels));
        StageBuilder stages = new(_layers, "decoder", "upsamples", config.IsResidual);
        double scale = Math.Pow(2, 2 - multipliers.Length);
        for (int stage = 0; stage < multipliers.Length; stage++)
        {
            long stageChannels = config.DecoderDim * multipliers[stage];
            for (int block = 0; block <= config.NumResidualBlocks; block++)
            {
                stages.Add(name => new ResidualBlock(parameters, name, channels, stageChannels));
                channels = stageChannels;
                if (config.AttentionScales.Contains(scale))
                {
                    stages.Add(name => new FrameAttention(parameters, name, channels));
                }
            }

            bool isLast = stage == multipliers.Length - 1;
            bool doublesTime = !isLast && temporal[stage];
            if (!isLast)
            {
                // Only Wan 2.1 halves the channels here.
                long upsampled = config.IsResidual ? channels : channels / 2;
                stages.Add(name => new Upsample(parameters, name, channels, upsampled, doublesTime));
                channels = upsampled;
                scale *= 2;
            }

            stages.EndStage(isLast ? null : new CopyUp(channels, doublesTime ? 2 : 1, space: 2));
            _settled = doublesTime ? _layers.Count : _settled;
        }

        _headNorm = new ChannelNorm(parameters, "decoder.head.0", channels, overTime: true);
        _head = new CausalConv3d(parameters, "decoder.head.2", channels, config.FoldedChannels, time: 3, space: 3);

        void Add(string name, Func<string, ILayer> create) => _layers.Add(name, create($"decoder.{name}"));
    }

    /// <summary>Decodes the next chunk of latent frames.</summary>
    /// <param name="latents">[B, z, T, H, W], after <c>conv2</c>.</param>
    /// <param name="cache">The call's cache.</param>
    /// <param name="frameByFrame">
    /// Whether the layers behind the last one that doubles time, which take most of the memory, see one frame after the other: the same result, for a
    /// little more copying.
    /// </param>
    /// <param name="observe">Told of each inner result by name; for comparison with the reference.</param>
    /// <returns>[B, 3, T', sH, sW]; T' = 4T, less 3 in the first chunk.</returns>
    public Tensor Forward(Tensor latents, FeatureCache cache, bool frameByFrame = false, Action<string, Tensor>? observe = null)
    {
        using var scope = NewDisposeScope();
        Tensor x = _conv1.Forward(latents, cache);
        observe?.Invoke("conv1", x);
        x = _layers.Forward(x, cache, observe, .._settled); // [B, C, T', H', W']
        long step = frameByFrame ? 1 : x.size(2);
        List<Tensor> frames = [];
        for (long frame = 0; frame < x.size(2); frame += step)
        {
            frames.Add(Finish(x.narrow(2, frame, step), cache, observe)); // [B, 3, step, sH, sW]
        }

        return (frames is [var only] ? only : cat(frames, 2)).MoveToOuterDisposeScope();
    }

    private Tensor Finish(Tensor x, FeatureCache cache, Action<string, Tensor>? observe)
    {
        using var scope = NewDisposeScope();
        using Tensor last = _layers.Forward(x, cache, observe, _settled..); // [B, C, T', sH, sW]
        Tensor normed = _headNorm.Forward(last);
        using Tensor folded = _head.Forward(normed.requires_grad ? F.silu(normed) : normed.silu_(), cache); // [B, 3p², T', H', W']
        return PixelFolding.Unfold(folded, _patch).MoveToOuterDisposeScope();
    }
}
