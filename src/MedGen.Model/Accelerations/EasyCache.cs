using static TorchSharp.torch;

namespace MedGen.Model.Accelerations;

/// <summary>
/// Which steps reuse the last velocity (EasyCache, arXiv 2507.02860): how much the velocity changed for a change of its input is taken from the last
/// two computed steps, and what the inputs changed since is added up until it would pass the threshold.
/// </summary>
/// <param name="threshold">Accumulated relative change that is let pass.</param>
/// <param name="steps">Steps of the run; the last one is always computed.</param>
internal sealed class EasyCache(double threshold, int steps) : IDisposable
{
    /// <summary>Steps at the beginning that are always computed.</summary>
    public const int WarmUp = 10;

    private Tensor? _input; // of the step before
    private Tensor? _computedInput; // of the last computed step
    private Tensor? _velocity;
    private double? _rate;
    private double _error;

    /// <summary>Decides for the next step; once for each, in order.</summary>
    /// <param name="step">0 to steps − 1.</param>
    /// <param name="latents">Its input.</param>
    /// <returns>Whether it reuses.</returns>
    public bool Reuses(int step, Tensor latents)
    {
        using var scope = NewDisposeScope();
        bool reuses = false;
        if (step >= WarmUp && step < steps - 1 && _rate is { } rate)
        {
            _error += rate * Mean(latents - _input!) / Mean(_velocity!);
            reuses = _error < threshold;
        }

        _error = reuses ? _error : 0;
        Replace(ref _input, latents);
        return reuses;
    }

    /// <summary>Takes note of a computed step.</summary>
    /// <param name="latents">Its input.</param>
    /// <param name="velocity">Velocity with the prompt.</param>
    public void Computed(Tensor latents, Tensor velocity)
    {
        using var scope = NewDisposeScope();
        _rate = _velocity is null ? null : Mean(velocity - _velocity) / Mean(latents - _computedInput!);
        Replace(ref _velocity, velocity);
        Replace(ref _computedInput, latents);
    }

    public void Dispose()
    {
        _input?.Dispose();
        _computedInput?.Dispose();
        _velocity?.Dispose();
    }

    private static double Mean(Tensor values) => values.abs().mean().item<float>();

    private static void Replace(ref Tensor? kept, Tensor value)
    {
        kept?.Dispose();
        kept = value.clone().DetachFromDisposeScope();
    }
}
