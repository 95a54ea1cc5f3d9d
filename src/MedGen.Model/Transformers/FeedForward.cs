using MedGen.Model.Adapters;
using MedGen.Model.Parameters;
using static TorchSharp.torch;

namespace MedGen.Model.Transformers;

/// <summary>Linear, GELU, linear. Tokens go through in pieces: the hidden layer is many times their size, and a piece of it stays in the processor's cache.</summary>
internal sealed class FeedForward(ParameterSet parameters, string name, WanTransformerConfig config)
{
    /// <summary>Most tokens in a piece.</summary>
    public const long TokensAtATime = 640;

    private readonly AdaptableLinear _up = AdaptableLinear.Take(parameters, $"{name}.0", config.FfnDim, config.Dim);
    private readonly AdaptableLinear _down = AdaptableLinear.Take(parameters, $"{name}.2", config.Dim, config.FfnDim);

    /// <summary>Number type of its linears.</summary>
    public ScalarType DataType => _up.Weight.dtype;

    /// <summary>[B, S, dim] → [B, S, dim].</summary>
    public Tensor Forward(Tensor x, AdapterSet? adapters)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor tokens = x.flatten(0, 1); // [B · S, dim]
        long count = tokens.size(0);
        long pieces = (count + TokensAtATime - 1) / TokensAtATime;
        if (pieces == 1 || x.requires_grad)
        {
            return Piece(x, adapters).MoveToOuterDisposeScope();
        }

        Tensor result = empty_like(tokens); // [B · S, dim]
        long length = (count + pieces - 1) / pieces;
        for (long first = 0; first < count; first += length)
        {
            using TorchSharp.DisposeScope piece = NewDisposeScope();
            long taken = Math.Min(length, count - first);
            result.narrow(0, first, taken).copy_(Piece(tokens.narrow(0, first, taken), adapters));
        }

        return result.view(x.shape).MoveToOuterDisposeScope();
    }

    // [..., dim] → [..., dim]
    private Tensor Piece(Tensor x, AdapterSet? adapters)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        return _down.Forward(_up.ForwardGelu(x, adapters), adapters).MoveToOuterDisposeScope();
    }
}
