using static TorchSharp.torch;

namespace MedGen.Model.Transformers;

/// <summary>
/// Rotary position embedding over frames, rows and columns (RoFormer, arXiv 2104.09864; Wan2.1 <c>rope_apply</c>): interleaved pairs, each axis with frequencies
/// of its own; angles in float64.
/// </summary>
internal sealed class RotaryEmbedding : IDisposable
{
    private readonly Tensor _turns; // [S, 1, headDim / 2], complex numbers of length 1, float32

    public RotaryEmbedding(int headDim, long frames, long height, long width, Device device)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        int side = 2 * (headDim / 6);
        Tensor f = Angles(frames, headDim - (2 * side)).view(frames, 1, 1, -1).expand(frames, height, width, -1);
        Tensor h = Angles(height, side).view(1, height, 1, -1).expand(frames, height, width, -1);
        Tensor w = Angles(width, side).view(1, 1, width, -1).expand(frames, height, width, -1);
        Tensor angles = cat([f, h, w], dim: -1).view(frames * height * width, 1, headDim / 2); // [S, 1, headDim / 2]
        _turns = complex(angles.cos().to_type(ScalarType.Float32), angles.sin().to_type(ScalarType.Float32)).to(device).DetachFromDisposeScope();
    }

    /// <summary>Cosines of the angles, [S, headDim / 2]; the caller owns the view.</summary>
    public Tensor Cosines() => _turns.real.squeeze(1);

    /// <summary>Sines of the angles, [S, headDim / 2]; the caller owns the view.</summary>
    public Tensor Sines() => _turns.imag.squeeze(1);

    /// <summary>Turns queries or keys [B, S, heads, headDim]; the result is float32.</summary>
    public Tensor Apply(Tensor x)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor pairs = view_as_complex(x.to_type(ScalarType.Float32).unflatten(3, [x.shape[3] / 2, 2])); // [B, S, heads, headDim / 2]
        return view_as_real(pairs * _turns).flatten(3).MoveToOuterDisposeScope(); // [B, S, heads, headDim]
    }

    public void Dispose() => _turns.Dispose();

    private static Tensor Angles(long positions, int axisDim)
    {
        Tensor frequencies = pow(10000.0, arange(0, axisDim, 2, ScalarType.Float64) / -(double)axisDim); // [axisDim / 2]
        return outer(arange(positions, ScalarType.Float64), frequencies); // [positions, axisDim / 2]
    }
}
