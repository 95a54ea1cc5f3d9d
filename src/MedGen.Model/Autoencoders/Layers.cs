using MedGen.Model.Parameters;
using MedGen.Torch.Operations;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MedGen.Model.Autoencoders;

/// <summary>One step of the encoder or decoder.</summary>
internal interface ILayer
{
    /// <summary>Processes the next chunk of frames.</summary>
    /// <param name="x">[B, C, T, H, W].</param>
    /// <param name="cache">What the layers remember from the chunks before.</param>
    /// <returns>[B, C', T', H', W'].</returns>
    Tensor Forward(Tensor x, FeatureCache cache);
}

/// <summary>A convolution over time and space that looks at no later frame: two zero frames stand in front of the first.</summary>
internal sealed class CausalConv3d : ILayer
{
    private readonly Tensor _weight;
    private readonly Tensor _bias;
    private readonly long _history;
    private readonly long[] _padding;

    public CausalConv3d(ParameterSet parameters, string name, long inChannels, long outChannels, long time, long space)
    {
        _weight = parameters.Take($"{name}.weight", outChannels, inChannels, time, space, space);
        _bias = parameters.Take($"{name}.bias", outChannels);
        _history = time - 1;
        _padding = [0, space / 2, space / 2];
    }

    public Tensor Forward(Tensor x, FeatureCache cache)
    {
        using var scope = NewDisposeScope();
        if (_history == 0)
        {
            return Convolution.Forward(x, _weight, _bias, padding: _padding).MoveToOuterDisposeScope(); // [B, C', T, H, W]
        }

        Tensor? before = cache.Frames(this);
        Tensor input = cat([before ?? x.new_zeros([x.size(0), x.size(1), _history, x.size(3), x.size(4)]), x], 2); // [B, C, history + T, H, W]
        cache.Keep(this, input, _history);
        // For a first frame alone, all but the last tap of the kernel would only multiply zeros.
        Tensor result = before is null && x.size(2) == 1
            ? Convolution.Forward(x, _weight.narrow(2, _history, 1), _bias, padding: _padding)
            : Convolution.Forward(input, _weight, _bias, padding: _padding);
        return result.MoveToOuterDisposeScope(); // [B, C', T, H, W]
    }
}

/// <summary>Each position divided by its length over the channels, times the square root of their number and a learned factor each.</summary>
internal sealed class ChannelNorm(ParameterSet parameters, string name, long channels, bool overTime)
{
    private readonly Tensor _gamma = overTime
        ? parameters.Take($"{name}.gamma", channels, 1, 1, 1)
        : parameters.Take($"{name}.gamma", channels, 1, 1);

    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor factor = _gamma * Math.Sqrt(channels);
        if (x.requires_grad || factor.requires_grad)
        {
            return (F.normalize(x, p: 2, dim: 1, eps: 1e-12) * factor).MoveToOuterDisposeScope();
        }

        Tensor length = linalg.vector_norm(x, 2, [1], keepdim: true).clamp_min_(1e-12);
        return (x / length).mul_(factor).MoveToOuterDisposeScope();
    }
}

/// <summary>Norm, SiLU, convolution, twice, beside a shortcut.</summary>
internal sealed class ResidualBlock : ILayer
{
    private readonly ChannelNorm _norm1;
    private readonly CausalConv3d _conv1;
    private readonly ChannelNorm _norm2;
    private readonly CausalConv3d _conv2;
    private readonly CausalConv3d? _shortcut;

    public ResidualBlock(ParameterSet parameters, string name, long inChannels, long outChannels)
    {
        _norm1 = new ChannelNorm(parameters, $"{name}.residual.0", inChannels, overTime: true);
        _conv1 = new CausalConv3d(parameters, $"{name}.residual.2", inChannels, outChannels, time: 3, space: 3);
        _norm2 = new ChannelNorm(parameters, $"{name}.residual.3", outChannels, overTime: true);
        _conv2 = new CausalConv3d(parameters, $"{name}.residual.6", outChannels, outChannels, time: 3, space: 3);
        _shortcut = inChannels == outChannels ? null : new CausalConv3d(parameters, $"{name}.shortcut", inChannels, outChannels, time: 1, space: 1);
    }

    public Tensor Forward(Tensor x, FeatureCache cache)
    {
        using var scope = NewDisposeScope();
        Tensor hidden = Convolve(_norm1, _conv1, x, cache); // [B, C', T, H, W]
        Tensor result = Convolve(_norm2, _conv2, hidden, cache); // [B, C', T, H, W]
        hidden.Dispose();
        Tensor straight = _shortcut?.Forward(x, cache) ?? x; // [B, C', T, H, W]
        return (result.requires_grad || straight.requires_grad ? result + straight : result.add_(straight)).MoveToOuterDisposeScope();
    }

    private static Tensor Convolve(ChannelNorm norm, CausalConv3d convolution, Tensor x, FeatureCache cache)
    {
        Tensor normed = norm.Forward(x);
        using Tensor activated = normed.requires_grad ? F.silu(normed) : normed.silu_();
        return convolution.Forward(activated, cache);
    }
}

/// <summary>Attention with one head among the positions of each frame by itself.</summary>
internal sealed class FrameAttention : ILayer
{
    private readonly ChannelNorm _norm;
    private readonly Tensor _qkvWeight;
    private readonly Tensor _qkvBias;
    private readonly Tensor _projectionWeight;
    private readonly Tensor _projectionBias;

    public FrameAttention(ParameterSet parameters, string name, long channels)
    {
        _norm = new ChannelNorm(parameters, $"{name}.norm", channels, overTime: false);
        _qkvWeight = parameters.Take($"{name}.to_qkv.weight", 3 * channels, channels, 1, 1);
        _qkvBias = parameters.Take($"{name}.to_qkv.bias", 3 * channels);
        _projectionWeight = parameters.Take($"{name}.proj.weight", channels, channels, 1, 1);
        _projectionBias = parameters.Take($"{name}.proj.bias", channels);
    }

    public Tensor Forward(Tensor x, FeatureCache cache)
    {
        using var scope = NewDisposeScope();
        (long batch, long time, long height, long width) = (x.size(0), x.size(2), x.size(3), x.size(4));
        Tensor frames = x.transpose(1, 2).flatten(0, 1); // [B·T, C, H, W]
        Tensor tokens = _norm.Forward(frames).flatten(2).transpose(1, 2).unsqueeze(1); // [B·T, 1, H·W, C]
        // A convolution with a kernel of one pixel is a linear over the channels.
        Tensor qkv = F.linear(tokens, _qkvWeight.flatten(1), _qkvBias); // [B·T, 1, H·W, 3C]
        Tensor[] parts = qkv.chunk(3, -1);
        Tensor attended = F.scaled_dot_product_attention(parts[0], parts[1], parts[2]); // [B·T, 1, H·W, C]
        Tensor projected = F.linear(attended, _projectionWeight.flatten(1), _projectionBias); // [B·T, 1, H·W, C]
        projected = projected.squeeze(1).transpose(1, 2).unflatten(2, [height, width]); // [B·T, C, H, W]
        return (x + projected.unflatten(0, [batch, time]).transpose(1, 2)).MoveToOuterDisposeScope(); // [B, C, T, H, W]
    }
}

/// <summary>Halves height and width, and time where it says so. The first frame stands alone in time.</summary>
internal sealed class Downsample : ILayer
{
    private readonly Tensor _spaceWeight;
    private readonly Tensor _spaceBias;
    private readonly Tensor? _timeWeight;
    private readonly Tensor? _timeBias;

    public Downsample(ParameterSet parameters, string name, long channels, bool temporal)
    {
        _spaceWeight = parameters.Take($"{name}.resample.1.weight", channels, channels, 3, 3);
        _spaceBias = parameters.Take($"{name}.resample.1.bias", channels);
        if (temporal)
        {
            _timeWeight = parameters.Take($"{name}.time_conv.weight", channels, channels, 3, 1, 1);
            _timeBias = parameters.Take($"{name}.time_conv.bias", channels);
        }
    }

    public Tensor Forward(Tensor x, FeatureCache cache)
    {
        using var scope = NewDisposeScope();
        // Padded on the right and below only, which a convolution's own padding cannot do.
        Tensor padded = F.pad(x, [0, 1, 0, 1]); // [B, C, T, H + 1, W + 1]
        Tensor small = Convolution.Forward(padded, _spaceWeight.unsqueeze(2), _spaceBias, strides: [1, 2, 2]); // [B, C, T, H/2, W/2]
        if (_timeWeight is null)
        {
            return small.MoveToOuterDisposeScope();
        }

        Tensor? before = cache.Frames(this);
        Tensor input = before is null ? small : cat([before, small], 2); // [B, C, 1 + 2k, H/2, W/2]
        Tensor? halved = input.size(2) > 1 ? Convolution.Forward(input, _timeWeight, _timeBias, strides: [2, 1, 1]) : null; // [B, C, k, H/2, W/2]
        cache.Keep(this, small, 1);
        if (before is not null)
        {
            return halved!.MoveToOuterDisposeScope();
        }

        Tensor first = small.narrow(2, 0, 1); // [B, C, 1, H/2, W/2]
        return (halved is null ? first : cat([first, halved], 2)).MoveToOuterDisposeScope(); // [B, C, 1 + k, H/2, W/2]
    }
}

/// <summary>Doubles height and width, and time where it says so. The first frame stays one frame.</summary>
internal sealed class Upsample : ILayer
{
    private readonly CausalConv3d? _timeConvolution;
    private readonly Tensor _spaceWeight;
    private readonly Tensor _spaceBias;

    public Upsample(ParameterSet parameters, string name, long channels, long outChannels, bool temporal)
    {
        _timeConvolution = temporal ? new CausalConv3d(parameters, $"{name}.time_conv", channels, 2 * channels, time: 3, space: 1) : null;
        _spaceWeight = parameters.Take($"{name}.resample.1.weight", outChannels, channels, 3, 3);
        _spaceBias = parameters.Take($"{name}.resample.1.bias", outChannels);
    }

    public Tensor Forward(Tensor x, FeatureCache cache)
    {
        using var scope = NewDisposeScope();
        Tensor frames = _timeConvolution is null ? x : DoubleTime(x, _timeConvolution, cache); // [B, C, T', H, W]
        Tensor large = F.interpolate(frames, scale_factor: [1, 2, 2], mode: InterpolationMode.Nearest); // [B, C, T', 2H, 2W]
        return Convolution.Forward(large, _spaceWeight.unsqueeze(2), _spaceBias, padding: [0, 1, 1])
            .MoveToOuterDisposeScope(); // [B, C', T', 2H, 2W]
    }

    // The first frame of all stays one frame and is no history: the convolution starts with the second one, behind zeros.
    private Tensor DoubleTime(Tensor x, CausalConv3d convolution, FeatureCache cache)
    {
        if (!cache.Begin(this))
        {
            return Interleave(convolution.Forward(x, cache));
        }

        Tensor first = x.narrow(2, 0, 1); // [B, C, 1, H, W]
        return x.size(2) == 1
            ? first
            : cat([first, Interleave(convolution.Forward(x.narrow(2, 1, x.size(2) - 1), cache))], 2); // [B, C, 2T - 1, H, W]
    }

    // The first half of the channels is the even frames, the second half the odd ones: [B, 2C, T, H, W] to [B, C, 2T, H, W].
    private static Tensor Interleave(Tensor pairs)
    {
        Tensor[] halves = pairs.chunk(2, 1);
        return stack([halves[0], halves[1]], 3).flatten(2, 3);
    }
}
