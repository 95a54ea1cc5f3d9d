using MedGen.Sdk.Generation;
using MedGen.Model.Guidance;
using MedGen.Model.Pipelines;
using MedGen.Model.Transformers;
using static TorchSharp.torch;

namespace MedGen.Model.Accelerations;

/// <summary>Predicts the velocities of one run with the shortcuts that its request asks for. Its memory is the run's.</summary>
internal sealed class AcceleratedPrediction : IVelocityPrediction
{
    private readonly ForwardContext _context;
    private readonly TextContext _prompt;
    private readonly TextContext? _negativePrompt;
    private readonly GenerationAcceleration _options;
    private readonly double _guidanceScale;
    private readonly StepTimes _timesteps;
    private readonly bool[]? _plan;
    private readonly EasyCache? _easyCache;
    private readonly int _guidedSteps;
    private readonly PredictionBranch _conditional = new();
    private readonly PredictionBranch _unconditional = new();
    private Tensor? _guidance; // what the prompt changed at the last step that predicted without it, too

    /// <summary>Prepares a run.</summary>
    /// <param name="transformer">The model.</param>
    /// <param name="context">Adapters in use.</param>
    /// <param name="prompt">The prompt; it belongs to the caller.</param>
    /// <param name="negativePrompt">What to avoid; null: no guidance.</param>
    /// <param name="options">The shortcuts.</param>
    /// <param name="guidanceScale">Scale of the guidance.</param>
    /// <param name="timesteps">Timestep of each step of the run.</param>
    public AcceleratedPrediction(
        WanTransformer transformer,
        ForwardContext context,
        TextContext prompt,
        TextContext? negativePrompt,
        GenerationAcceleration options,
        double guidanceScale,
        StepTimes timesteps)
    {
        (_prompt, _negativePrompt) = (prompt, negativePrompt);
        (_context, _options, _guidanceScale, _timesteps) = (context, options, guidanceScale, timesteps);
        _plan = options.TeaCacheThreshold is { } threshold ? TeaCache.Plan(transformer, timesteps.Values, threshold, context) : null;
        _easyCache = options.EasyCacheThreshold is { } limit ? new EasyCache(limit, timesteps.Values.Count) : null;
        _guidedSteps = (int)Math.Ceiling(options.GuidedShare * timesteps.Values.Count);
    }

    /// <summary>Forwards that went through all blocks.</summary>
    public int Computed { get; private set; }

    /// <inheritdoc />
    public Tensor Predict(WanTransformer transformer, int step, Tensor latents)
    {
        using var scope = NewDisposeScope();
        bool reuses = _easyCache?.Reuses(step, latents) ?? false;
        Tensor conditional = Velocity(transformer, _conditional, step, latents, _prompt, reuses);
        if (!reuses)
        {
            _easyCache?.Computed(latents, conditional);
        }

        if (_negativePrompt is null)
        {
            return conditional.MoveToOuterDisposeScope();
        }

        if (_guidance is null || step < _guidedSteps)
        {
            Tensor unconditional = Velocity(transformer, _unconditional, step, latents, _negativePrompt, reuses);
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

    private Tensor Velocity(
        WanTransformer transformer, PredictionBranch branch, int step, Tensor latents, TextContext text, bool reuses)
    {
        if (reuses && branch.HasVelocity)
        {
            return branch.Velocity(latents);
        }

        branch.Residual.Reuse = _plan?[step] ?? false;
        Computed += branch.Residual.WillReuse ? 0 : 1;
        Tensor velocity = transformer.Forward(
            latents, _timesteps.Of(transformer, step, latents), text, _plan is null ? _context : _context with { Residual = branch.Residual });
        if (_easyCache is not null)
        {
            branch.Keep(latents, velocity);
        }

        return velocity;
    }
}
