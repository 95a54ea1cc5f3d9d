using System.Text.Json;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;
using MedGen.Model.Accelerations;
using MedGen.Model.Guidance;
using MedGen.Model.Pictures;
using MedGen.Model.Schedulers;
using MedGen.Model.Sizing;
using MedGen.Model.Transformers;
using static TorchSharp.torch;

namespace MedGen.Model.Pipelines;

/// <summary>
/// One generation as a state machine: encode prompt, encode source, denoise, decode. <see cref="Step"/> does the smallest piece that makes sense
/// alone, so that other work can take its turn on the device in between. Between steps the session owns its tensors; they belong to no dispose scope.
/// Same request, same model, same frames, whatever runs in between.
/// </summary>
public sealed class GenerationSession : IDisposable
{
    private readonly MedGenPipeline _pipeline;
    private readonly VideoGenerationRequest _request;
    private readonly ForwardContext _context;
    private readonly ForwardContext _lowNoiseContext;
    private readonly string? _identity;
    private DenoisingState _state;
    private int? _expert; // whose the prepared texts are
    private TextContext? _prompt;
    private TextContext? _negativePrompt;
    private Tensor? _source;
    private Tensor? _condition; // [1, 20, F, H, W]
    private Tensor? _imageTokens; // [1, tokens, image_dim]
    private IVelocityPrediction? _prediction;
    private ClipDecoding? _decoding;
    private int _savedStep;
    private bool _isDisposed;

    internal GenerationSession(MedGenPipeline pipeline, VideoGenerationRequest request, AdapterPlacement adapters, string adapterHashes)
    {
        _pipeline = pipeline;
        _request = request;
        _context = new ForwardContext { Adapters = adapters.HighNoise };
        _lowNoiseContext = new ForwardContext { Adapters = adapters.LowNoise };
        _state = new DenoisingState(request, KeepsFirstFrame);
        Guidance = GuidanceOf(expert: 0);
        _identity = request.Service is { CheckpointInterval: 0, Checkpoint: null }
            ? null
            : SessionCheckpoint.Identify(pipeline, request, adapterHashes);
    }

    /// <summary>What the next <see cref="Step"/> does.</summary>
    public GenerationStage Stage { get; private set; } = GenerationStage.EncodingPrompt;

    /// <summary>Whether each step needs a second prediction, with the negative prompt; of two experts those of one at least.</summary>
    public bool IsGuided => _request.NeedsGuidance();

    /// <summary>Whether all frames are out.</summary>
    public bool IsCompleted { get; private set; }

    /// <summary>Denoising steps and latent frames of decoding that are left; of tiles a part of a latent frame each.</summary>
    public (int Steps, double LatentFrames) Remaining => (_state.Total - _state.Done, LatentShape()[2] * (1 - (_decoding?.Share ?? 0)));

    /// <summary>
    /// Which of two experts the next step needs, 0 for high noise and 1 for low noise; null: the model has one transformer, or it needs none.
    /// </summary>
    public int? Expert => !_pipeline.HasExperts || Stage is GenerationStage.Decoding ? null
        : _pipeline.ExpertAt(_state.Timestep);

    /// <summary>Latents [1, C, F, H, W] as they are now; null before the first denoising step. Owned by the session.</summary>
    internal Tensor? Latents => _state.Latents;

    internal FlowScheduler Scheduler => _state.Scheduler;

    internal ClassifierFreeGuidance Guidance { get; private set; }

    /// <summary>The shortcuts at work; null: none.</summary>
    internal AcceleratedPrediction? Acceleration => _prediction as AcceleratedPrediction;

    /// <summary>Told of the (conditional, unconditional or null, guided) velocity of each step, for comparison with the reference.</summary>
    internal Action<Tensor, Tensor?, Tensor>? ObserveVelocity { get; init; }

    /// <summary>Noise to start from instead of the seed's, [1, C, F, H, W]; for comparison with the reference. Not owned.</summary>
    internal Tensor? GivenNoise { get; init; }

    /// <summary>
    /// What the clip begins with, [1, 4 + C, F, H, W], instead of what the picture gives; for comparison with the reference, which stretches it. Not
    /// owned.
    /// </summary>
    internal Tensor? GivenCondition { get; init; }

    // By timestep 0 (TI2V), not by channels of its own.
    private bool KeepsFirstFrame => _request.FirstFrame is not null && !_pipeline.NeedsFirstFrame;

    // Shortcuts remember what no checkpoint holds: such a run begins again, and its frames are the same.
    private int CheckpointInterval => _request.Wan.Acceleration is null ? _request.Service.CheckpointInterval : 0;

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

        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return Stage switch
        {
            GenerationStage.EncodingPrompt => EncodePrompt(),
            GenerationStage.EncodingSource => EncodeSource(),
            GenerationStage.Denoising => Denoise(),
            _ => Decode(),
        };
    }

    // 1. The prompts become keys and values for every block; a checkpoint leads on to where it was saved.
    private List<GenerationUpdate> EncodePrompt()
    {
        List<GenerationUpdate> updates = [Progress(GenerationStage.EncodingPrompt, 1, 1)];
        _imageTokens = _pipeline.Pictures?.Tokens(_request.FirstFrame!).DetachFromDisposeScope();
        Use(_pipeline.ExpertAt(_state.Timestep));
        Stage = _request is { SourceFrames: null, FirstFrame: null } ? GenerationStage.Denoising : GenerationStage.EncodingSource;
        if (_request.Service.Checkpoint is { } checkpoint)
        {
            updates.Add(Resume(checkpoint));
        }

        return updates;
    }

    // 2. The source, or the picture that the clip begins with, becomes latents.
    private List<GenerationUpdate> EncodeSource()
    {
        if (_pipeline.NeedsFirstFrame)
        {
            _condition = (GivenCondition?.clone() ?? Condition()).DetachFromDisposeScope(); // [1, 4 + C, F, H/8, W/8]
            Stage = GenerationStage.Denoising;
            return [Progress(GenerationStage.EncodingSource, 1, 1)];
        }

        Tensor pixels = _request.FirstFrame is { } first
            ? FirstFramePicture.Fit(first, _request.Width, _request.Height, _request.FirstFrameFit) // [1, 3, 1, H, W]
            : FramePixels.ToVideo(_request.SourceFrames!); // [1, 3, T, H, W]
        Tensor video = pixels.to(_pipeline.Device);
        _source = _pipeline.Autoencoder.Encode(video).DetachFromDisposeScope(); // [1, C, F, H/8, W/8]
        Stage = GenerationStage.Denoising;
        return [Progress(GenerationStage.EncodingSource, 1, 1)];
    }

    private Tensor Condition()
    {
        Tensor picture = ConditionPicture.Fit(_request.FirstFrame!, _request.Width, _request.Height, _request.FirstFrameFit); // [1, 3, 1, H, W]
        return ConditionPicture.Encode(_pipeline.Autoencoder, picture.to(_pipeline.Device), _request.NumFrames);
    }

    // 3. From noise, or the source with noise, to latents of a clip.
    private List<GenerationUpdate> Denoise()
    {
        (Tensor latents, _) = NextInput(); // [1, C, F, H, W]
        int expert = _pipeline.ExpertAt(_state.Timestep);
        Use(expert);
        WanTransformer transformer = _pipeline.Experts.OnDevice(expert);
        _prediction ??= Prediction(expert, transformer, new StepTimes([.. _state.Scheduler.Timesteps.Skip(_state.StartIndex)], KeepsFirstFrame));
        return Advance(_prediction.Predict(transformer, _state.Done, latents));
    }

    // Of two experts the second takes over once. The scheduler goes on with what it knows; shortcuts of the first one would be stale.
    private void Use(int expert)
    {
        if (_expert == expert)
        {
            return;
        }

        _prediction?.Dispose();
        _prompt?.Dispose();
        _negativePrompt?.Dispose();
        (_expert, _prediction, _negativePrompt) = (expert, null, null);
        Guidance = GuidanceOf(expert);
        _prompt = PrepareText([PromptRows()]);
        _negativePrompt = Guidance.NeedsUnconditional ? PrepareText([NegativePromptRows()]) : null;
    }

    private ClassifierFreeGuidance GuidanceOf(int expert) => new(ScaleOf(expert));

    private double ScaleOf(int expert) => _request.Wan.Scheduler.IsOfDistilledModels() ? 1
        : expert == 1 ? _request.Wan.LowNoiseGuidanceScale ?? _request.GuidanceScale
        : _request.GuidanceScale;

    private IVelocityPrediction Prediction(int expert, WanTransformer transformer, StepTimes timesteps) => _request.Wan.Acceleration is { } options
        ? new AcceleratedPrediction(transformer, ContextOf(expert), _prompt!, _negativePrompt, options, ScaleOf(expert), timesteps)
        : new ExactPrediction(ContextOf(expert), _prompt!, _negativePrompt, Guidance, timesteps) { Observe = ObserveVelocity };

    private ForwardContext ContextOf(int expert) => (expert == 1 ? _lowNoiseContext : _context) with { Condition = _condition };

    /// <summary>
    /// Latents [1, C, F, H, W] and timesteps of the next denoising step, [1] or by token [1, S]; prepares the latents before the first.
    /// </summary>
    internal (Tensor Latents, Tensor Timesteps) NextInput()
    {
        if (_state.Latents is null)
        {
            _state.Begin(LatentShape(), _pipeline.Device, _source, GivenNoise);
        }

        return (_state.Latents!, StepTimes.Of(_pipeline.Experts.Stored(0), _state.Latents!, _state.Timestep, KeepsFirstFrame));
    }

    /// <summary>Takes the step that was predicted.</summary>
    /// <param name="velocity">Guided velocity, [1, C, F, H, W].</param>
    internal List<GenerationUpdate> Advance(Tensor velocity)
    {
        bool isLast = _state.Done + 1 == _state.Total;
        Tensor? clean = !isLast && IsDue(_request.PreviewInterval, _state.Done + 1) ? _state.Clean(velocity) : null;
        _state.Advance(velocity);
        List<GenerationUpdate> updates = [Progress(GenerationStage.Denoising, _state.Done, _state.Total)];
        if (clean is not null)
        {
            updates.Add(Preview(clean, _state.Done));
        }

        if (CheckpointInterval > 0 && (isLast || IsDue(CheckpointInterval, _state.Done)))
        {
            updates.Add(Save()!);
        }

        Stage = isLast ? GenerationStage.Decoding : Stage;
        return updates;
    }

    // One latent frame alone decodes to one picture: cheap, and close to what the clip will show there.
    private GenerationPreview Preview(Tensor clean, int step)
    {
        Tensor middle = clean.narrow(2, clean.shape[2] / 2, 1); // [1, C, 1, H, W]
        return new GenerationPreview
        {
            Step = step,
            Frame = FramePixels.ToFrames(_pipeline.Autoencoder.Decode(middle), _request.NumFrames / 2, _request.FramesPerSecond)[0],
        };
    }

    // 4. The latents become frames, some at a time.
    private List<GenerationUpdate> Decode()
    {
        _decoding ??= new ClipDecoding(_pipeline.Autoencoder, _state.Latents!, _pipeline.CostOf(_request).Tiling, _request.FramesPerSecond);
        IReadOnlyList<Sdk.Frames.VideoFrame> frames = _decoding.Step();
        IsCompleted = _decoding.FramesDone == _request.NumFrames;
        GenerationProgress progress = Progress(GenerationStage.Decoding, (int)(_request.NumFrames * _decoding.Share), _request.NumFrames);
        return frames.Count == 0 ? [progress] : [new GeneratedFrames { Frames = frames }, progress];
    }

    /// <summary>What is needed to go on later with what has been done since the last checkpoint. Between two steps only.</summary>
    /// <returns>The checkpoint; null: the request asks for none, or nothing was done since the last one.</returns>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    public GenerationCheckpoint? Save()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (CheckpointInterval == 0 || _state.Done == _savedStep)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        _savedStep = _state.Done;
        return new GenerationCheckpoint { Step = _state.Done, Content = _state.Save().Write(_identity!, _pipeline.Description) };
    }

    private GenerationUpdate Resume(GenerationCheckpoint checkpoint)
    {
        try
        {
            SessionCheckpoint saved = SessionCheckpoint.Read(checkpoint.Content, _identity!, _pipeline.Description, LatentShape());
            _state.Restore(saved, _pipeline.Device);
        }
        catch (Exception exception) when (exception is ModelFormatException or ArgumentException or JsonException)
        {
            // Restored by half, perhaps: a new run has nothing of it.
            _state.Dispose();
            _state = new DenoisingState(_request, KeepsFirstFrame);
            return new CheckpointRejected
            {
                Reason = exception is ModelFormatException ? exception.Message : "The checkpoint cannot be used: its state does not fit the request.",
            };
        }

        _savedStep = _state.Done;
        Stage = _state.Done == _state.Total ? GenerationStage.Decoding
            : _pipeline.NeedsFirstFrame ? GenerationStage.EncodingSource // its latents are in no checkpoint
            : GenerationStage.Denoising;
        return Progress(GenerationStage.Denoising, _state.Done, _state.Total);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _decoding?.Dispose();
        _prediction?.Dispose();
        _prompt?.Dispose();
        _negativePrompt?.Dispose();
        _source?.Dispose();
        _condition?.Dispose();
        _imageTokens?.Dispose();
        _state.Dispose();
    }

    /// <summary>Velocities [B, C, F, H, W] of several sessions with this one's adapters.</summary>
    internal Tensor Predict(Tensor latents, Tensor timesteps, TextContext text) =>
        _pipeline.Experts.OnDevice(0).Forward(latents, timesteps, text, _context);

    /// <summary>Text for <see cref="Predict"/>, from rows of the text encoder.</summary>
    internal TextContext PrepareText(IReadOnlyList<Tensor> rows)
    {
        int expert = _expert ?? 0;
        return _pipeline.Experts.OnDevice(expert).PrepareText(rows, ContextOf(expert), _imageTokens);
    }

    /// <summary>Rows of the prompt, in the caller's dispose scope; the cache's own may go when another prompt comes.</summary>
    internal Tensor PromptRows() => _pipeline.Prompts.Encode(_request.Prompt).alias();

    /// <summary>As <see cref="PromptRows"/>, of the negative prompt.</summary>
    internal Tensor NegativePromptRows() => _pipeline.Prompts.Encode(_request.NegativePrompt ?? MedGenPipeline.DefaultNegativePrompt).alias();

    private long[] LatentShape()
    {
        (long frames, long height, long width) = _pipeline.Grid.Latent(_request.Width, _request.Height, _request.NumFrames);
        return [1, _pipeline.Autoencoder.Config.LatentChannels, frames, height, width];
    }

    private static bool IsDue(int interval, int done) => interval > 0 && done % interval == 0;

    private static GenerationProgress Progress(GenerationStage stage, int completed, int total) =>
        new() { Stage = stage, Completed = completed, Total = total };
}
