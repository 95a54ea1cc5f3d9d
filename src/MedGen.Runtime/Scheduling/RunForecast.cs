using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;
using MedGen.Model.Pipelines;
using MedGen.Model.Sizing;

namespace MedGen.Runtime.Scheduling;

/// <summary>How much of the device's time generations will take, learnt from those that have run. Not safe for use from several threads.</summary>
internal sealed class RunForecast(MedGenPipeline pipeline, TimeProvider time)
{
    private readonly StepCost _cost = new();

    /// <summary>Whether anything has been measured.</summary>
    public bool IsCalibrated => _cost.IsCalibrated;

    /// <summary>Predicted seconds of one step with guidance; null: nothing has been measured.</summary>
    public double? StepSeconds(GenerationCost cost) => IsCalibrated ? _cost.StepSeconds(cost, forwards: 2) : null;

    /// <summary>A ticket for a request that has just come.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cost">Its operations.</param>
    /// <param name="now">Seconds as the policy counts them.</param>
    /// <param name="batchKey">Key of those that it can share a forward with; null: none.</param>
    /// <exception cref="DeadlineExceededException">Even alone it would take much longer than it may.</exception>
    public SessionTicket Ticket(VideoGenerationRequest request, GenerationCost cost, double now, string? batchKey)
    {
        int latentFrames = (int)pipeline.Grid.Latent(request.Width, request.Height, request.NumFrames).Frames;
        double seconds = Seconds(request, cost, request.DenoisingSteps(), latentFrames, pipeline.HasExperts ? 1 : 0);
        double? left = request.Service.Deadline is { } deadline ? (deadline - time.GetUtcNow()).TotalSeconds : null;

        // Predictions err: only what is out of reach is refused.
        if (IsCalibrated && seconds > 2 * left)
        {
            throw new DeadlineExceededException(
                FormattableString.Invariant(
                    $"The clip takes about {seconds:0.#} s of the device alone, and {left:0.#} s are left until its deadline."));
        }

        return new SessionTicket
        {
            Tenant = request.Service.Tenant,
            Priority = request.Service.Priority,
            ArrivedAt = now,
            Deadline = now + left,
            TotalSeconds = seconds,
            RemainingSeconds = seconds,
            BatchKey = batchKey,
            Expert = pipeline.HasExperts ? 0 : null, // the first step has the most noise, but for a clip that is varied little
        };
    }

    /// <summary>Learns from a step and brings the run's ticket up to date.</summary>
    /// <param name="run">The run.</param>
    /// <param name="stage">What the step did.</param>
    /// <param name="latentFramesBefore">Latent frames that were to be decoded before it.</param>
    /// <param name="seconds">What it took.</param>
    /// <param name="isSwitch">Whether another expert worked before it.</param>
    public void Observe(GenerationRun run, GenerationStage stage, double latentFramesBefore, double seconds, bool isSwitch)
    {
        (int steps, double latentFrames) = run.Session!.Remaining;
        switch (stage)
        {
            case GenerationStage.Denoising when isSwitch && run.Request.Wan.Acceleration is null:
                _cost.ObserveSwitch(run.Cost, run.Request.ForwardsPerStep(), seconds);
                break;

            // A step with shortcuts says nothing about one without.
            case GenerationStage.Denoising when run.Request.Wan.Acceleration is null:
                _cost.Observe(run.Cost, run.Request.ForwardsPerStep(), seconds);
                break;
            case GenerationStage.Decoding when latentFrames < latentFramesBefore:
                _cost.ObserveDecoding(run.Cost, latentFramesBefore - latentFrames, seconds);
                break;
        }

        run.Ticket.Expert = run.Session.Expert;
        run.Ticket.RemainingSeconds = Seconds(run.Request, run.Cost, steps, latentFrames, run.Session.Expert == 0 ? 1 : 0);
    }

    private double Seconds(VideoGenerationRequest request, GenerationCost cost, int steps, double latentFrames, int switches) =>
        (steps * _cost.StepSeconds(cost, request.ForwardsPerStep())) + (switches * _cost.SwitchSeconds) + _cost.DecodeSeconds(cost, latentFrames);
}
