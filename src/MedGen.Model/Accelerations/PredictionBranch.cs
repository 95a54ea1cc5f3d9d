using MedGen.Model.Transformers;
using static TorchSharp.torch;

namespace MedGen.Model.Accelerations;

/// <summary>What one of the two predictions of a step, with the prompt or without, remembers of the last computed one.</summary>
internal sealed class PredictionBranch : IDisposable
{
    private Tensor? _offset;

    /// <summary>What the blocks added; for TeaCache.</summary>
    public BlockResidual Residual { get; } = new();

    /// <summary>Whether a velocity was computed.</summary>
    public bool HasVelocity => _offset is not null;

    /// <summary>Remembers velocity − input; for EasyCache.</summary>
    public void Keep(Tensor latents, Tensor velocity)
    {
        _offset?.Dispose();
        _offset = (velocity - latents).DetachFromDisposeScope();
    }

    /// <summary>The velocity at other latents, as far as it is known: in the current dispose scope.</summary>
    public Tensor Velocity(Tensor latents) => latents + _offset!;

    public void Dispose()
    {
        Residual.Dispose();
        _offset?.Dispose();
    }
}
