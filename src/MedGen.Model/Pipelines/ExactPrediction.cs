using MedGen.Model.Guidance;
using MedGen.Model.Transformers;
using static TorchSharp.torch;

namespace MedGen.Model.Pipelines;

/// <summary>Each step by its own forwards of the transformer: one with the prompt and, with guidance, one with the negative prompt.</summary>
/// <param name="context">Adapters in use.</param>
/// <param name="prompt">The prompt.</param>
/// <param name="negativePrompt">What to avoid; null: no guidance.</param>
/// <param name="guidance">Puts the two together.</param>
/// <param name="timesteps">Timestep of each step of the run.</param>
internal sealed class ExactPrediction(
    ForwardContext context, TextContext prompt, TextContext? negativePrompt, ClassifierFreeGuidance guidance, StepTimes timesteps)
    : IVelocityPrediction
{
    /// <summary>Told of the (conditional, unconditional or null, guided) velocity of each step; null: nobody looks.</summary>
    public Action<Tensor, Tensor?, Tensor>? Observe { get; init; }

    /// <inheritdoc />
    public Tensor Predict(WanTransformer transformer, int step, Tensor latents)
    {
        using var scope = NewDisposeScope();
        Tensor timestep = timesteps.Of(transformer, step, latents); // [1], or [1, S]
        Tensor conditional = transformer.Forward(latents, timestep, prompt, context); // [1, C, F, H, W]
        Tensor? unconditional = negativePrompt is null ? null : transformer.Forward(latents, timestep, negativePrompt, context); // [1, C, F, H, W]
        Tensor guided = guidance.Combine(conditional, unconditional); // [1, C, F, H, W]
        Observe?.Invoke(conditional, unconditional, guided);
        return guided.MoveToOuterDisposeScope(); // [1, C, F, H, W]
    }

    /// <inheritdoc />
    public void Dispose()
    {
        // The texts belong to the session.
    }
}
