using MedGen.Abstractions.Generation;
using MedGen.Model.Adapters;
using MedGen.Model.Guidance;
using MedGen.Model.Transformers;
using static TorchSharp.torch;

namespace MedGen.Model.Accelerations;

/// <summary>Predicts the velocities of one run with the shortcuts that its request asks for. Its memory is the run's.</summary>
internal sealed class AcceleratedPrediction : IDisposable
{
    private readonly WanTransformer _transformer;
    private readonly AdapterSet? _adapters;
    private readonly GenerationAcceleration _options;
    private readonly double _guidanceScale;
    private readonly IReadOnlyList<float> _timesteps;
    private readonly bool[]? _plan;
    private readonly EasyCache? _easyCache;
    private readonly int _guidedSteps;
    private readonly PredictionBranch _conditional = new();
    private readonly PredictionBranch _unconditional = new();
    private Tensor? _guidance; // what the prompt changed at the last step that predicted without it, too

    /// <summary>Prepares a run.</summary>
    /// <param name="transformer">The model.</param>
    /// <param name="adapters">Adapters in use; null: none.</param>
    /// <param name="options">The shortcuts.</param>
    /// <param name="guidanceScale">Scale of the guidance.</param>
    /// <param name="timesteps">Timestep of each step of the run.</param>
    public AcceleratedPrediction(
        WanTransformer transformer, AdapterSet? adapters, GenerationAcceleration options, double guidanceScale, IReadOnlyList<float> timesteps)
    {
        (_transformer, _adapters, _options, _guidanceScale, _timesteps) = (transformer, adapters, options, guidanceScale, timesteps);
        _plan = options.TeaCacheThreshold is { } threshold ? TeaCache.Plan(transformer, timesteps, threshold, adapters) : null;
        _easyCache = options.EasyCacheThreshold is { } limit ? new EasyCache(limit, timesteps.Count) : null;
        _guidedSteps = (int)Math.Ceiling(options.GuidedShare * timesteps.Count);
    }

    /// <summary>Forwards that went through all blocks.</summary>
    public int Computed { get; private set; }

    /// <summary>Predicts.</summary>
    /// <param name="step">0 to the number of timesteps − 1, counted from the run's first.</param>
    /// <param name="latents">[1, C, F, H, W].</param>
    /// <param name="prompt">The prompt.</param>
    /// <param name="negativePrompt">What to avoid; null: no guidance.</param>
    /// <returns>The guided velocity, in the current dispose scope.</returns>
    public Tensor Predict(int step, Tensor latents, TextContext prompt, TextContext? negativePrompt)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        bool reuses = _easyCache?.Reuses(step, latents) ?? false;
        Tensor conditional = Velocity(_conditional, step, latents, prompt, reuses);
        if (!reuses)
        {
            _easyCache?.Computed(latents, conditional);
        }

        if (negativePrompt is null)
        {
            return conditional.MoveToOuterDisposeScope();
        }

        if (_guidance is null || step < _guidedSteps)
        {
            Tensor unconditional = Velocity(_unconditional, step, latents, negativePrompt, reuses);
            Tensor baseline = _options.ZeroStarGuidance ? ZeroStarGuidance.Scale(conditional, unconditional) : unconditional;
            _guidance?.Dispose();
            _guidance = (conditional - baseline).DetachFromDisposeScope();
        }

        // u + g · (c − u), written by c and c − u.
        return (conditional + (_guidance * (_guidanceScale - 1))).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _easyCache?.Dispose();
        _conditional.Dispose();
        _unconditional.Dispose();
        _guidance?.Dispose();
    }

    private Tensor Velocity(PredictionBranch branch, int step, Tensor latents, TextContext text, bool reuses)
    {
        if (reuses && branch.HasVelocity)
        {
            return branch.Velocity(latents);
        }

        branch.Residual.Reuse = _plan?[step] ?? false;
        Computed += branch.Residual.Reused is null ? 1 : 0;
        Tensor velocity = _transformer.Forward(latents, tensor(new[] { _timesteps[step] }), text, _adapters, observe: null, _plan is null ? null : branch.Residual);
        if (_easyCache is not null)
        {
            branch.Keep(latents, velocity);
        }

        return velocity;
    }
}
