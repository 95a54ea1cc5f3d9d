using MedGen.Sdk.Generation;
using MedGen.Model.Schedulers;

namespace MedGen.Model.Sizing;

/// <summary>How much a request asks of the transformer.</summary>
public static class GenerationWorkload
{
    /// <summary>
    /// Whether each step needs a second prediction, with the negative prompt: a model that was distilled to few steps has its guidance inside.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <returns>True when it does.</returns>
    public static bool NeedsGuidance(this VideoGenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return (request.GuidanceScale != 1 || request.Wan.LowNoiseGuidanceScale is { } low && low != 1)
            && !request.Wan.Scheduler.IsOfDistilledModels();
    }

    /// <summary>Whether a scheduler is for models that were distilled to few steps, whose guidance is in the weights.</summary>
    /// <param name="scheduler">The scheduler.</param>
    /// <returns>True when it is.</returns>
    public static bool IsOfDistilledModels(this GenerationScheduler scheduler) =>
        scheduler is GenerationScheduler.Dmd or GenerationScheduler.LightX2V;

    /// <summary>Predictions of one denoising step.</summary>
    /// <param name="request">The request.</param>
    /// <returns>2 with guidance, else 1.</returns>
    public static int ForwardsPerStep(this VideoGenerationRequest request) => request.NeedsGuidance() ? 2 : 1;

    /// <summary>Denoising steps that are taken: video to video begins in between.</summary>
    /// <param name="request">The request.</param>
    /// <returns>1 to its number of inference steps.</returns>
    public static int DenoisingSteps(this VideoGenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.SourceFrames is null ? request.NumInferenceSteps : FlowScheduler.StepsFor(request.Strength, request.NumInferenceSteps);
    }
}
