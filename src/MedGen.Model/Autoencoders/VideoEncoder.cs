using MedGen.Model.Parameters;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MedGen.Model.Autoencoders;

/// <summary>
/// From frames [B, 3, T, H, W] to features [B, 2z, T', H/s, W/s], s = 8 or 16 (Encoder3d of wan/modules/vae.py and vae2_2.py).
/// </summary>
internal sealed class VideoEncoder
{
    private readonly long _patch;
    private readonly CausalConv3d _conv1;
    private readonly LayerSequence _layers = new();
    private readonly ChannelNorm _headNorm;
    private readonly CausalConv3d _head;

    public VideoEncoder(ParameterSet parameters, WanAutoencoderConfig config)
    {
        _patch = config.PatchSize;
        _conv1 = new CausalConv3d(parameters, "encoder.conv1", config.FoldedChannels, config.Dim, time: 3, space: 3);
        long channels = config.Dim;
        StageBuilder stages = new(_layers, "encoder", "downsamples", config.IsResidual);
        for (int stage = 0; stage < config.Multipliers.Count; stage++)
        {
            long stageChannels = config.Dim * config.Multipliers[stage];
            for (int block = 0; block < config.NumResidualBlocks; block++)
            {
                stages.Add(name => new ResidualBlock(parameters, name, channels, stageChannels));
                channels = stageChannels;
                if (config.AttentionScales.Contains(1.0 / (1 << stage)))
                {
                    stages.Add(name => new FrameAttention(parameters, name, channels));
                }
            }

            bool isLast = stage == config.Multipliers.Count - 1;
            bool halvesTime = !isLast && config.TemporalDownsample[stage];
            if (!isLast)
            {
                stages.Add(name => new Downsample(parameters, name, channels, halvesTime));
            }

            stages.EndStage(new AverageDown(channels, halvesTime ? 2 : 1, isLast ? 1 : 2));
        }

        Add("middle.0", name => new ResidualBlock(parameters, name, channels, channels));
        Add("middle.1", name => new FrameAttention(parameters, name, channels));
        Add("middle.2", name => new ResidualBlock(parameters, name, channels, channels));
        _headNorm = new ChannelNorm(parameters, "encoder.head.0", channels, overTime: true);
        _head = new CausalConv3d(parameters, "encoder.head.2", channels, 2 * config.LatentChannels, time: 3, space: 3);

        void Add(string name, Func<string, ILayer> create) => _layers.Add(name, create($"encoder.{name}"));
    }

    /// <summary>Encodes the next chunk: one frame first, then any multiple of the temporal factor.</summary>
    /// <param name="frames">[B, 3, T, H, W] in [-1, 1].</param>
    /// <param name="cache">The call's cache.</param>
    /// <param name="observe">Told of each inner result by name; for comparison with the reference.</param>
    /// <returns>[B, 2z, T', H/s, W/s].</returns>
    public Tensor Forward(Tensor frames, FeatureCache cache, Action<string, Tensor>? observe = null)
    {
        using var scope = NewDisposeScope();
        Tensor folded = PixelFolding.Fold(frames, _patch);
        observe?.Invoke("input", folded);
        Tensor x = _conv1.Forward(folded, cache);
        observe?.Invoke("conv1", x);
        x = _layers.Forward(x, cache, observe);
        return _head.Forward(F.silu(_headNorm.Forward(x)), cache).MoveToOuterDisposeScope();
    }
}
