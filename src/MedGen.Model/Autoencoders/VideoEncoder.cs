using MedGen.Model.Parameters;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MedGen.Model.Autoencoders;

/// <summary>From frames [B, 3, T, H, W] to features [B, 2z, T', H/8, W/8] (Encoder3d of wan/modules/vae.py).</summary>
internal sealed class VideoEncoder
{
    private readonly CausalConv3d _conv1;
    private readonly List<ILayer> _layers = [];
    private readonly ChannelNorm _headNorm;
    private readonly CausalConv3d _head;

    public VideoEncoder(ParameterSet parameters, WanAutoencoderConfig config)
    {
        _conv1 = new CausalConv3d(parameters, "encoder.conv1", 3, config.Dim, time: 3, space: 3);
        long channels = config.Dim;
        int index = 0;
        for (int stage = 0; stage < config.Multipliers.Count; stage++)
        {
            long stageChannels = config.Dim * config.Multipliers[stage];
            for (int block = 0; block < config.NumResidualBlocks; block++)
            {
                _layers.Add(new ResidualBlock(parameters, $"encoder.downsamples.{index++}", channels, stageChannels));
                channels = stageChannels;
            }

            if (stage < config.Multipliers.Count - 1)
            {
                _layers.Add(new Downsample(parameters, $"encoder.downsamples.{index++}", channels, config.TemporalDownsample[stage]));
            }
        }

        _layers.Add(new ResidualBlock(parameters, "encoder.middle.0", channels, channels));
        _layers.Add(new FrameAttention(parameters, "encoder.middle.1", channels));
        _layers.Add(new ResidualBlock(parameters, "encoder.middle.2", channels, channels));
        _headNorm = new ChannelNorm(parameters, "encoder.head.0", channels, overTime: true);
        _head = new CausalConv3d(parameters, "encoder.head.2", channels, 2 * config.LatentChannels, time: 3, space: 3);
    }

    /// <summary>Encodes the next chunk: one frame first, then any multiple of the temporal factor.</summary>
    /// <param name="frames">[B, 3, T, H, W] in [-1, 1].</param>
    /// <param name="cache">The call's cache.</param>
    /// <returns>[B, 2z, T', H/8, W/8].</returns>
    public Tensor Forward(Tensor frames, FeatureCache cache)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = _conv1.Forward(frames, cache);
        foreach (ILayer layer in _layers)
        {
            using Tensor previous = x;
            x = layer.Forward(previous, cache);
        }

        return _head.Forward(F.silu(_headNorm.Forward(x)), cache).MoveToOuterDisposeScope();
    }
}
