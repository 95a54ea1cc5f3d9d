using static TorchSharp.torch;

namespace MedGen.Model.Transformers;

/// <summary>What all blocks together added to the tokens in the last forward that computed them, and whether the next one shall add it again instead.</summary>
internal sealed class BlockResidual : IDisposable
{
    private Tensor? _value; // [B, S, dim], float32

    /// <summary>Whether the next forward reuses the value; it computes while there is none.</summary>
    public bool Reuse { get; set; }

    /// <summary>The value to add, when it is to be reused.</summary>
    public Tensor? Reused => Reuse ? _value : null;

    /// <summary>Keeps after − before.</summary>
    public void Keep(Tensor before, Tensor after)
    {
        _value?.Dispose();
        _value = (after - before).DetachFromDisposeScope();
    }

    public void Dispose() => _value?.Dispose();
}
