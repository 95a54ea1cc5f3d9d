using MedGen.Sdk.Generation;
using MedGen.Model.Schedulers;
using static TorchSharp.torch;

namespace MedGen.Model.Pipelines;

/// <summary>
/// The latents of one generation on their way from noise to picture. It owns what it keeps between steps; that belongs to no dispose scope.
/// </summary>
internal sealed class DenoisingState : IDisposable
{
    private readonly Generator _generator;
    private readonly int _steps;
    private readonly bool _keepsFirstFrame;
    private Tensor? _firstFrame; // [1, C, 1, H, W]

    /// <summary>Begins a run.</summary>
    /// <param name="request">What to make, with its shift.</param>
    /// <param name="keepsFirstFrame">Whether the source is a picture that stays the first latent frame.</param>
    public DenoisingState(VideoGenerationRequest request, bool keepsFirstFrame)
    {
        _steps = request.NumInferenceSteps;
        _keepsFirstFrame = keepsFirstFrame;
        _generator = new Generator((ulong)request.Seed, CPU);
        Scheduler = SchedulerFactory.Create(request.Wan.Scheduler, _steps, request.Wan.Shift!.Value, _generator);
        StartIndex = request.SourceFrames is null ? 0 : Scheduler.StartIndex(request.Strength);
        StepIndex = StartIndex;
    }

    public FlowScheduler Scheduler { get; }

    /// <summary>Step that the run began at; above 0 only for video to video.</summary>
    public int StartIndex { get; }

    /// <summary>The next step.</summary>
    public int StepIndex { get; private set; }

    /// <summary>Steps that are done.</summary>
    public int Done => StepIndex - StartIndex;

    /// <summary>Steps in all.</summary>
    public int Total => _steps - StartIndex;

    /// <summary>What the transformer gets at the next step.</summary>
    public float Timestep => Scheduler.Timesteps[StepIndex];

    /// <summary>[1, C, F, H, W], float32; null before <see cref="Begin"/>.</summary>
    public Tensor? Latents { get; private set; }

    /// <summary>Draws the noise, on the CPU in float32 so that every device sees the same, and mixes the source in.</summary>
    /// <param name="shape">[1, C, F, H, W].</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="source">Latents of the source clip, same shape, or of the picture that the clip begins with, [1, C, 1, H, W], which stays as it
    /// is; null: from noise.</param>
    /// <param name="givenNoise">Noise to take instead; null: drawn.</param>
    public void Begin(long[] shape, Device device, Tensor? source, Tensor? givenNoise)
    {
        Tensor noise = (givenNoise ?? randn(shape, ScalarType.Float32, generator: _generator)).to(device);
        _firstFrame = _keepsFirstFrame ? source!.to_type(ScalarType.Float32).clone().DetachFromDisposeScope() : null;
        Latents = WithFirstFrame(source is null || _keepsFirstFrame ? noise.clone() : Scheduler.AddNoise(source, noise, StartIndex))
            .DetachFromDisposeScope();
    }

    /// <summary>Takes one step.</summary>
    /// <param name="velocity">Guided velocity at <see cref="Timestep"/>, shape of the latents.</param>
    public void Advance(Tensor velocity)
    {
        Tensor next = WithFirstFrame(Scheduler.Step(velocity, StepIndex, Latents!)).DetachFromDisposeScope();
        Latents!.Dispose();
        Latents = next;
        StepIndex++;
    }

    /// <summary>Where the flow would end if the velocity stayed as it is.</summary>
    public Tensor Clean(Tensor velocity) => Latents! - velocity * (double)Scheduler.Sigmas[StepIndex];

    /// <summary>Everything that is needed to go on; its tensors hold until the next step.</summary>
    public SessionCheckpoint Save() => new()
    {
        StepIndex = StepIndex, Latents = Latents!, Generator = _generator.get_state(), Scheduler = Scheduler.Save(),
    };

    /// <summary>Goes on where another run of the same request stood.</summary>
    /// <exception cref="ArgumentException">The state cannot be one of this run.</exception>
    public void Restore(SessionCheckpoint checkpoint, Device device)
    {
        if (checkpoint.StepIndex <= StartIndex || checkpoint.StepIndex > _steps || checkpoint.Scheduler.LastIndex != checkpoint.StepIndex - 1)
        {
            throw new ArgumentException($"Step {checkpoint.StepIndex} is not one of {StartIndex + 1} to {_steps}.", nameof(checkpoint));
        }

        SchedulerState kept = checkpoint.Scheduler;
        Scheduler.Restore(kept with { Tensors = kept.Tensors.ToDictionary(pair => pair.Key, pair => pair.Value.to(device)) });
        _generator.set_state(checkpoint.Generator);
        Latents = checkpoint.Latents.to(device).clone().DetachFromDisposeScope();
        _firstFrame = _keepsFirstFrame ? Latents.narrow(2, 0, 1).clone().DetachFromDisposeScope() : null;
        StepIndex = checkpoint.StepIndex;
    }

    // After every step, the last one included: what the scheduler made of the frame is dropped.
    private Tensor WithFirstFrame(Tensor latents) =>
        _firstFrame is null ? latents : cat([_firstFrame, latents.narrow(2, 1, latents.size(2) - 1)], 2); // [1, C, F, H, W]

    public void Dispose()
    {
        Latents?.Dispose();
        _firstFrame?.Dispose();
        Scheduler.Dispose();
        _generator.Dispose();
    }
}
