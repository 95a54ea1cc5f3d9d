using MedGen.Abstractions.Generation;
using MedGen.Model.Guidance;
using MedGen.Model.Schedulers;
using MedGen.Model.Transformers;
using static TorchSharp.torch;

namespace MedGen.Model.Pipelines;

/// <summary>
/// One generation as a state machine: encode prompt, encode source, denoise, decode. <see cref="Step"/> does the smallest piece that makes sense alone,
/// so that other work can take its turn on the device in between. Between steps the session owns its tensors; they belong to no dispose scope.
/// Same request, same model, same frames, whatever runs in between.
/// </summary>
public sealed class GenerationSession : IDisposable
{
    private readonly MedGenPipeline _pipeline;
    private readonly VideoGenerationRequest _request;
    private readonly Generator _generator;
    private readonly IScheduler _scheduler;
    private readonly ClassifierFreeGuidance _guidance;
    private readonly int _startIndex;
    private TextContext? _prompt;
    private TextContext? _negativePrompt;
    private Tensor? _source;
    private Tensor? _latents;
    private IEnumerator<Tensor>? _chunks;
    private int _stepIndex;
    private int _framesDone;
    private bool _isDisposed;

    internal GenerationSession(MedGenPipeline pipeline, VideoGenerationRequest request)
    {
        _pipeline = pipeline;
        _request = request;
        _generator = new Generator((ulong)request.Seed, CPU);
        _scheduler = SchedulerFactory.Create(request.Scheduler, request.NumInferenceSteps, request.Shift, _generator);
        // A model distilled by distribution matching has its guidance inside.
        _guidance = new ClassifierFreeGuidance(request.Scheduler == GenerationScheduler.Dmd ? 1 : request.GuidanceScale);
        _startIndex = request.SourceFrames is null ? 0 : _scheduler.StartIndex(request.Strength);
        _stepIndex = _startIndex;
    }

    /// <summary>What the next <see cref="Step"/> does.</summary>
    public GenerationStage Stage { get; private set; } = GenerationStage.EncodingPrompt;

    /// <summary>Whether all frames are out.</summary>
    public bool IsCompleted { get; private set; }

    /// <summary>Latents [1, C, F, H, W] as they are now; null before the first denoising step. Owned by the session.</summary>
    internal Tensor? Latents => _latents;

    internal IScheduler Scheduler => _scheduler;

    /// <summary>Told of the (conditional, unconditional or null, guided) velocity of each step, for comparison with the reference.</summary>
    internal Action<Tensor, Tensor?, Tensor>? ObserveVelocity { get; init; }

    /// <summary>Noise to start from instead of the seed's, [1, C, F, H, W]; for comparison with the reference. Not owned.</summary>
    internal Tensor? GivenNoise { get; init; }

    /// <summary>Does the next piece of work: the prompts, the source, one denoising step, or one latent frame of decoding.</summary>
    /// <returns>What happened: progress, perhaps a preview, finished frames. The caller owns the frames.</returns>
    /// <exception cref="InvalidOperationException">The session is completed.</exception>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    public IReadOnlyList<GenerationUpdate> Step()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (IsCompleted)
        {
            throw new InvalidOperationException("The session is completed.");
        }

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return Stage switch
        {
            GenerationStage.EncodingPrompt => EncodePrompt(),
            GenerationStage.EncodingSource => EncodeSource(),
            GenerationStage.Denoising => Denoise(),
            _ => Decode(),
        };
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _chunks?.Dispose();
        _prompt?.Dispose();
        _negativePrompt?.Dispose();
        _source?.Dispose();
        _latents?.Dispose();
        _scheduler.Dispose();
        _generator.Dispose();
    }

    private List<GenerationUpdate> EncodePrompt()
    {
        _prompt = PrepareText(_request.Prompt);
        if (_guidance.NeedsUnconditional)
        {
            _negativePrompt = PrepareText(_request.NegativePrompt ?? MedGenPipeline.DefaultNegativePrompt);
        }

        Stage = _request.SourceFrames is null ? GenerationStage.Denoising : GenerationStage.EncodingSource;
        return [Progress(GenerationStage.EncodingPrompt, 1, 1)];
    }

    private List<GenerationUpdate> EncodeSource()
    {
        Tensor video = FramePixels.ToVideo(_request.SourceFrames!).to(_pipeline.Transformer.Device); // [1, 3, T, H, W]
        _source = _pipeline.Autoencoder.Encode(video).DetachFromDisposeScope(); // [1, C, F, H/8, W/8]
        Stage = GenerationStage.Denoising;
        return [Progress(GenerationStage.EncodingSource, 1, 1)];
    }

    private List<GenerationUpdate> Denoise()
    {
        _latents ??= PrepareLatents().DetachFromDisposeScope();
        Tensor velocity = PredictVelocity(_latents, _scheduler.Timesteps[_stepIndex]);
        Tensor next = _scheduler.Step(velocity, _stepIndex, _latents).DetachFromDisposeScope();
        int done = _stepIndex + 1 - _startIndex;
        int total = _request.NumInferenceSteps - _startIndex;
        List<GenerationUpdate> updates = [Progress(GenerationStage.Denoising, done, total)];
        if (_request.PreviewInterval > 0 && done % _request.PreviewInterval == 0 && done < total)
        {
            updates.Add(Preview(_latents - velocity * (double)_scheduler.Sigmas[_stepIndex], done));
        }

        _latents.Dispose();
        _latents = next;
        _stepIndex++;
        if (done == total)
        {
            Stage = GenerationStage.Decoding;
        }

        return updates;
    }

    private List<GenerationUpdate> Decode()
    {
        _chunks ??= _pipeline.Autoencoder.DecodeChunks(_latents!).GetEnumerator();
        _chunks.MoveNext();
        IReadOnlyList<Abstractions.Frames.VideoFrame> frames = FramePixels.ToFrames(_chunks.Current, _framesDone, _request.FramesPerSecond);
        _framesDone += frames.Count;
        IsCompleted = _framesDone == _request.NumFrames;
        return [new GeneratedFrames { Frames = frames }, Progress(GenerationStage.Decoding, _framesDone, _request.NumFrames)];
    }

    private TextContext PrepareText(string prompt) => _pipeline.Transformer.PrepareText([_pipeline.Prompts.Encode(prompt)], _pipeline.Adapters);

    private Tensor PrepareLatents()
    {
        (long frames, long height, long width) = _pipeline.Grid.Latent(_request.Width, _request.Height, _request.NumFrames);
        long[] shape = [1, _pipeline.Autoencoder.Config.LatentChannels, frames, height, width];

        // Drawn on the CPU in float32: the same noise on every device.
        Tensor noise = (GivenNoise ?? randn(shape, ScalarType.Float32, generator: _generator)).to(_pipeline.Transformer.Device);
        return _source is null ? noise.clone() : _scheduler.AddNoise(_source, noise, _startIndex);
    }

    private Tensor PredictVelocity(Tensor latents, float timestep)
    {
        Tensor t = tensor(new[] { timestep });
        Tensor conditional = _pipeline.Transformer.Forward(latents, t, _prompt!, _pipeline.Adapters); // [1, C, F, H, W]
        Tensor? unconditional = _negativePrompt is null ? null : _pipeline.Transformer.Forward(latents, t, _negativePrompt, _pipeline.Adapters);
        Tensor guided = unconditional is null ? conditional : _guidance.Combine(conditional, unconditional);
        ObserveVelocity?.Invoke(conditional, unconditional, guided);
        return guided;
    }

    /// <summary>One latent frame alone decodes to one picture: cheap, and close to what the clip will show there.</summary>
    private GenerationPreview Preview(Tensor clean, int step)
    {
        Tensor middle = clean.narrow(2, clean.shape[2] / 2, 1); // [1, C, 1, H, W]
        return new GenerationPreview
        {
            Step = step,
            Frame = FramePixels.ToFrames(_pipeline.Autoencoder.Decode(middle), _request.NumFrames / 2, _request.FramesPerSecond)[0],
        };
    }

    private static GenerationProgress Progress(GenerationStage stage, int completed, int total) =>
        new() { Stage = stage, Completed = completed, Total = total };
}
