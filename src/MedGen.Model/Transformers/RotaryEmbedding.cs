using static TorchSharp.torch;

namespace MedGen.Model.Transformers;

/// <summary>
/// Rotary position embedding over frames, rows and columns (RoFormer, arXiv 2104.09864; Wan2.1 <c>rope_apply</c>): interleaved pairs, each axis with frequencies
/// of its own; angles in float64.
/// </summary>
internal sealed class RotaryEmbedding : IDisposable
{
    private readonly Tensor _cos; // [S, 1, headDim / 2], float32
    private readonly Tensor _sin; // [S, 1, headDim / 2], float32

    public RotaryEmbedding(int headDim, long frames, long height, long width, Device device)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        int side = 2 * (headDim / 6);
        Tensor f = Angles(frames, headDim - (2 * side)).view(frames, 1, 1, -1).expand(frames, height, width, -1);
        Tensor h = Angles(height, side).view(1, height, 1, -1).expand(frames, height, width, -1);
        Tensor w = Angles(width, side).view(1, 1, width, -1).expand(frames, height, width, -1);
        Tensor angles = cat([f, h, w], dim: -1).view(frames * height * width, 1, headDim / 2); // [S, 1, headDim / 2]
        _cos = angles.cos().to(ScalarType.Float32, device).DetachFromDisposeScope();
        _sin = angles.sin().to(ScalarType.Float32, device).DetachFromDisposeScope();
    }

    /// <summary>Cosines of the angles, [S, headDim / 2]; the caller owns the view.</summary>
    public Tensor Cosines() => _cos.squeeze(1);

    /// <summary>Sines of the angles, [S, headDim / 2]; the caller owns the view.</summary>
    public Tensor Sines() => _sin.squeeze(1);

    /// <summary>Turns queries or keys [B, S, heads, headDim]; the result is float32.</summary>
    public Tensor Apply(Tensor x)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor pairs = x.to_type(ScalarType.Float32).unflatten(3, [x.shape[3] / 2, 2]); // [B, S, heads, headDim / 2, 2]
        Tensor even = pairs.select(4, 0);
        Tensor odd = pairs.select(4, 1);
        return stack([(even * _cos) - (odd * _sin), (even * _sin) + (odd * _cos)], dim: 4).flatten(3).MoveToOuterDisposeScope(); // [B, S, heads, headDim]
    }

    public void Dispose()
    {
        _cos.Dispose();
        _sin.Dispose();
    }

    private static Tensor Angles(long positions, int axisDim)
    {
        Tensor frequencies = pow(10000.0, arange(0, axisDim, 2, ScalarType.Float64) / -(double)axisDim); // [axisDim / 2]
        return outer(arange(positions, ScalarType.Float64), frequencies); // [positions, axisDim / 2]
    }
}
