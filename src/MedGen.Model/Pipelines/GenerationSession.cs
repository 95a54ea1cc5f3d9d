using System.Text.Json;
using MedGen.Abstractions.Errors;
using MedGen.Abstractions.Generation;
using MedGen.Model.Accelerations;
using MedGen.Model.Adapters;
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
    private readonly AdapterSet? _adapters;
    private readonly ClassifierFreeGuidance _guidance;
    private readonly string? _identity;
    private DenoisingRun _run;
    private AcceleratedPrediction? _acceleration;
    private TextContext? _prompt;
    private TextContext? _negativePrompt;
    private Tensor? _source;
    private ClipDecoding? _decoding;
    private int _savedStep;
    private bool _isDisposed;

    internal GenerationSession(MedGenPipeline pipeline, VideoGenerationRequest request, AdapterSet? adapters, string adapterHash)
    {
        _pipeline = pipeline;
        _request = request;
        _adapters = adapters;
        _run = new DenoisingRun(request);
        _guidance = new ClassifierFreeGuidance(request.NeedsGuidance() ? request.GuidanceScale : 1);
        _identity = request.Service is { CheckpointInterval: 0, Checkpoint: null } ? null : SessionCheckpoint.Identify(pipeline, request, adapterHash);
    }

    /// <summary>What the next <see cref="Step"/> does.</summary>
    public GenerationStage Stage { get; private set; } = GenerationStage.EncodingPrompt;

    /// <summary>Whether each step needs a second prediction, with the negative prompt.</summary>
    public bool IsGuided => _guidance.NeedsUnconditional;

    /// <summary>Whether all frames are out.</summary>
    public bool IsCompleted { get; private set; }

    /// <summary>Denoising steps and latent frames of decoding that are left; of tiles a part of a latent frame each.</summary>
    public (int Steps, double LatentFrames) Remaining => (_run.Total - _run.Done, LatentShape()[2] * (1 - (_decoding?.Share ?? 0)));

    /// <summary>Latents [1, C, F, H, W] as they are now; null before the first denoising step. Owned by the session.</summary>
    internal Tensor? Latents => _run.Latents;

    internal IScheduler Scheduler => _run.Scheduler;

    /// <summary>The shortcuts at work; null: none.</summary>
    internal AcceleratedPrediction? Acceleration => _acceleration;

    // Shortcuts remember what no checkpoint holds: such a run begins again, and its frames are the same.
    private int CheckpointInterval => _request.Acceleration is null ? _request.Service.CheckpointInterval : 0;

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

    /// <summary>What is needed to go on later with what has been done since the last checkpoint. Between two steps only.</summary>
    /// <returns>The checkpoint; null: the request asks for none, or nothing was done since the last one.</returns>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    public GenerationCheckpoint? Save()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (CheckpointInterval == 0 || _run.Done == _savedStep)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        _savedStep = _run.Done;
        return new GenerationCheckpoint { Step = _run.Done, Content = _run.Save().Write(_identity!) };
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
        _acceleration?.Dispose();
        _prompt?.Dispose();
        _negativePrompt?.Dispose();
        _source?.Dispose();
        _run.Dispose();
    }

    private List<GenerationUpdate> EncodePrompt()
    {
        List<GenerationUpdate> updates = [Progress(GenerationStage.EncodingPrompt, 1, 1)];
        _prompt = PrepareText([PromptRows()]);
        if (IsGuided)
        {
            _negativePrompt = PrepareText([NegativePromptRows()]);
        }

        Stage = _request.SourceFrames is null ? GenerationStage.Denoising : GenerationStage.EncodingSource;
        if (_request.Service.Checkpoint is { } checkpoint)
        {
            updates.Add(Resume(checkpoint));
        }

        return updates;
    }

    private List<GenerationUpdate> EncodeSource()
    {
        Tensor video = FramePixels.ToVideo(_request.SourceFrames!).to(_pipeline.Transformer.Device); // [1, 3, T, H, W]
        _source = _pipeline.Autoencoder.Encode(video).DetachFromDisposeScope(); // [1, C, F, H/8, W/8]
        Stage = GenerationStage.Denoising;
        return [Progress(GenerationStage.EncodingSource, 1, 1)];
    }

    /// <summary>Latents [1, C, F, H, W] and timestep of the next denoising step.</summary>
    internal (Tensor Latents, float Timestep) NextInput()
    {
        if (_run.Latents is null)
        {
            _run.Begin(LatentShape(), _pipeline.Transformer.Device, _source, GivenNoise);
        }

        return (_run.Latents!, _run.Timestep);
    }

    /// <summary>Takes the step that was predicted.</summary>
    /// <param name="conditional">Velocity with the prompt, [1, C, F, H, W].</param>
    /// <param name="unconditional">Velocity with the negative prompt; null without guidance.</param>
    internal List<GenerationUpdate> Accept(Tensor conditional, Tensor? unconditional)
    {
        Tensor velocity = unconditional is null ? conditional : _guidance.Combine(conditional, unconditional);
        ObserveVelocity?.Invoke(conditional, unconditional, velocity);
        return Advance(velocity);
    }

    private List<GenerationUpdate> Advance(Tensor velocity)
    {
        bool isLast = _run.Done + 1 == _run.Total;
        Tensor? clean = !isLast && IsDue(_request.PreviewInterval, _run.Done + 1) ? _run.Clean(velocity) : null;
        _run.Advance(velocity);
        List<GenerationUpdate> updates = [Progress(GenerationStage.Denoising, _run.Done, _run.Total)];
        if (clean is not null)
        {
            updates.Add(Preview(clean, _run.Done));
        }

        if (CheckpointInterval > 0 && (isLast || IsDue(CheckpointInterval, _run.Done)))
        {
            updates.Add(Save()!);
        }

        if (isLast)
        {
            Stage = GenerationStage.Decoding;
        }

        return updates;
    }

    private List<GenerationUpdate> Decode()
    {
        _decoding ??= new ClipDecoding(_pipeline.Autoencoder, _run.Latents!, _pipeline.CostOf(_request).Tiling, _request.FramesPerSecond);
        IReadOnlyList<Abstractions.Frames.VideoFrame> frames = _decoding.Step();
        IsCompleted = _decoding.FramesDone == _request.NumFrames;
        GenerationProgress progress = Progress(GenerationStage.Decoding, (int)(_request.NumFrames * _decoding.Share), _request.NumFrames);
        return frames.Count == 0 ? [progress] : [new GeneratedFrames { Frames = frames }, progress];
    }

    /// <summary>Velocities [B, C, F, H, W] with this session's adapters.</summary>
    internal Tensor Predict(Tensor latents, Tensor timesteps, TextContext text) => _pipeline.Transformer.Forward(latents, timesteps, text, _adapters);

    /// <summary>Text for <see cref="Predict"/>, from rows of the text encoder.</summary>
    internal TextContext PrepareText(IReadOnlyList<Tensor> rows) => _pipeline.Transformer.PrepareText(rows, _adapters);

    /// <summary>Rows of the prompt, in the caller's dispose scope; the cache's own may go when another prompt comes.</summary>
    internal Tensor PromptRows() => _pipeline.Prompts.Encode(_request.Prompt).alias();

    /// <summary>As <see cref="PromptRows"/>, of the negative prompt.</summary>
    internal Tensor NegativePromptRows() => _pipeline.Prompts.Encode(_request.NegativePrompt ?? MedGenPipeline.DefaultNegativePrompt).alias();

    private long[] LatentShape()
    {
        (long frames, long height, long width) = _pipeline.Grid.Latent(_request.Width, _request.Height, _request.NumFrames);
        return [1, _pipeline.Autoencoder.Config.LatentChannels, frames, height, width];
    }

    private GenerationUpdate Resume(GenerationCheckpoint checkpoint)
    {
        try
        {
            SessionCheckpoint saved = SessionCheckpoint.Read(checkpoint.Content, _identity!, LatentShape());
            _run.Restore(saved, _pipeline.Transformer.Device);
        }
        catch (Exception exception) when (exception is ModelFormatException or ArgumentException or JsonException)
        {
            // Restored by half, perhaps: a new run has nothing of it.
            _run.Dispose();
            _run = new DenoisingRun(_request);
            return new CheckpointRejected { Reason = exception is ModelFormatException ? exception.Message : "The checkpoint cannot be used: its state does not fit the request." };
        }

        _savedStep = _run.Done;
        Stage = _run.Done == _run.Total ? GenerationStage.Decoding : GenerationStage.Denoising;
        return Progress(GenerationStage.Denoising, _run.Done, _run.Total);
    }

    private List<GenerationUpdate> Denoise()
    {
        (Tensor latents, float timestep) = NextInput();
        if (_request.Acceleration is { } options)
        {
            _acceleration ??= new AcceleratedPrediction(
                _pipeline.Transformer, _adapters, options, _request.GuidanceScale, [.. _run.Scheduler.Timesteps.Skip(_run.StartIndex)]);
            return Advance(_acceleration.Predict(_run.Done, latents, _prompt!, _negativePrompt));
        }

        Tensor t = tensor(new[] { timestep });
        return Accept(Predict(latents, t, _prompt!), _negativePrompt is null ? null : Predict(latents, t, _negativePrompt));
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

    private static bool IsDue(int interval, int done) => interval > 0 && done % interval == 0;

    private static GenerationProgress Progress(GenerationStage stage, int completed, int total) =>
        new() { Stage = stage, Completed = completed, Total = total };
}
