using MedGen.Model.Parameters;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MedGen.Model.Autoencoders;

/// <summary>From frames [B, 3, T, H, W] to features [B, 2z, T', H/8, W/8] (Encoder3d of wan/modules/vae.py).</summary>
internal sealed class VideoEncoder
{
    private readonly CausalConv3d _conv1;
    private readonly List<(string Name, ILayer Layer)> _layers = [];
    private readonly ChannelNorm _headNorm;
    private readonly CausalConv3d _head;

    public VideoEncoder(ParameterSet parameters, WanAutoencoderConfig config)
    {
        _conv1 = new CausalConv3d(parameters, "encoder.conv1", 3, config.Dim, time: 3, space: 3);
        long channels = config.Dim;
        int index = 0;
        double scale = 1;
        for (int stage = 0; stage < config.Multipliers.Count; stage++)
        {
            long stageChannels = config.Dim * config.Multipliers[stage];
            for (int block = 0; block < config.NumResidualBlocks; block++)
            {
                Add($"downsamples.{index++}", name => new ResidualBlock(parameters, name, channels, stageChannels));
                channels = stageChannels;
                if (config.AttentionScales.Contains(scale))
                {
                    Add($"downsamples.{index++}", name => new FrameAttention(parameters, name, channels));
                }
            }

            if (stage < config.Multipliers.Count - 1)
            {
                bool halvesTime = config.TemporalDownsample[stage];
                Add($"downsamples.{index++}", name => new Downsample(parameters, name, channels, halvesTime));
                scale /= 2;
            }
        }

        Add("middle.0", name => new ResidualBlock(parameters, name, channels, channels));
        Add("middle.1", name => new FrameAttention(parameters, name, channels));
        Add("middle.2", name => new ResidualBlock(parameters, name, channels, channels));
        _headNorm = new ChannelNorm(parameters, "encoder.head.0", channels, overTime: true);
        _head = new CausalConv3d(parameters, "encoder.head.2", channels, 2 * config.LatentChannels, time: 3, space: 3);

        void Add(string name, Func<string, ILayer> create) => _layers.Add((name, create($"encoder.{name}")));
    }

    /// <summary>Encodes the next chunk: one frame first, then any multiple of the temporal factor.</summary>
    /// <param name="frames">[B, 3, T, H, W] in [-1, 1].</param>
    /// <param name="cache">The call's cache.</param>
    /// <param name="observe">Told of each inner result by name; for comparison with the reference.</param>
    /// <returns>[B, 2z, T', H/8, W/8].</returns>
    public Tensor Forward(Tensor frames, FeatureCache cache, Action<string, Tensor>? observe = null)
    {
        using var scope = NewDisposeScope();
        Tensor x = _conv1.Forward(frames, cache);
        observe?.Invoke("conv1", x);
        foreach ((string name, ILayer layer) in _layers)
        {
            using Tensor previous = x;
            x = layer.Forward(previous, cache);
            observe?.Invoke(name, x);
        }

        return _head.Forward(F.silu(_headNorm.Forward(x)), cache).MoveToOuterDisposeScope();
    }
}
