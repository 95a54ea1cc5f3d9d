using System.Runtime.CompilerServices;
using MedGen.Abstractions.Errors;
using MedGen.Abstractions.Generation;
using MedGen.Abstractions.Models;
using MedGen.Model.Checkpoints;
using MedGen.Model.Pipelines;
using MedGen.Runtime.Execution;
using MedGen.Torch.Execution;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using static TorchSharp.torch;

namespace MedGen.Runtime.Models;

/// <summary>
/// The one model, loaded once on the device thread. A generation is a row of short pieces of device work, so that more urgent work and other generations
/// get their turn between two steps. Its tensors stay on the device thread; only frames and numbers leave it.
/// </summary>
internal sealed class ResidentModel(
    DeviceExecutor executor, IOptions<MedGenRuntimeOptions> options, TimeProvider time, ILogger<ResidentModel> logger) : IMedGenModel, IAsyncDisposable
{
    private readonly MedGenRuntimeOptions _options = options.Value;
    private readonly SemaphoreSlim _turns = new(options.Value.SessionLimit);
    private readonly ServiceTime _generationTime = new();
    private readonly Lock _gate = new();
    private Task<MedGenPipeline>? _loading;
    private int _admitted;

    public ModelDescription Description
    {
        get
        {
            lock (_gate)
            {
                ThrowIfNoModel();
                return _loading is { IsCompletedSuccessfully: true }
                    ? _loading.Result.Description
                    : throw new FailedPreconditionException("MODEL_NOT_LOADED", "The model is still loading. Try again in a moment.");
            }
        }
    }

    /// <summary>Loads the model if there is one to load and it is not loaded yet.</summary>
    /// <exception cref="ModelFormatException">The folder cannot be used.</exception>
    public Task LoadAsync(CancellationToken cancellationToken) =>
        _options.ModelPath is null ? Task.CompletedTask : PipelineAsync().WaitAsync(cancellationToken);

    public async IAsyncEnumerable<GenerationUpdate> GenerateAsync(
        VideoGenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ThrowIfNoModel();
        MedGenPipeline pipeline = await PipelineAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        pipeline.Check(request);
        Admit();
        try
        {
            yield return new GenerationProgress { Stage = GenerationStage.Queued, Completed = 0, Total = 1 };
            await _turns.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                long started = time.GetTimestamp();
                GenerationSession session = await OnDeviceAsync(() => pipeline.Start(request), cancellationToken).ConfigureAwait(false);
                try
                {
                    while (!session.IsCompleted)
                    {
                        foreach (GenerationUpdate update in await OnDeviceAsync(session.Step, cancellationToken).ConfigureAwait(false))
                        {
                            yield return update;
                        }
                    }

                    _generationTime.Add(time.GetElapsedTime(started));
                }
                finally
                {
                    await ReleaseAsync(session).ConfigureAwait(false);
                }
            }
            finally
            {
                _turns.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _admitted);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task<MedGenPipeline>? loading;
        lock (_gate)
        {
            loading = _loading;
        }

        if (loading is { IsCompletedSuccessfully: true })
        {
            await ReleaseAsync(await loading.ConfigureAwait(false)).ConfigureAwait(false);
        }

        _turns.Dispose();
    }

    private void ThrowIfNoModel()
    {
        if (_options.ModelPath is null)
        {
            throw new FailedPreconditionException(
                "MODEL_NOT_LOADED", "No model is loaded. Start the host with a model folder, for instance: medgen serve --model FOLDER.");
        }
    }

    private void Admit()
    {
        int limit = _options.SessionLimit + _options.QueueLimit;
        if (Interlocked.Increment(ref _admitted) > limit)
        {
            Interlocked.Decrement(ref _admitted);
            throw new ResourceExhaustedException(
                "GENERATION_QUEUE_FULL",
                $"{_options.SessionLimit} generations run and {_options.QueueLimit} wait; no more are taken.",
                _generationTime.WaitBehind(_options.QueueLimit));
        }
    }

    private Task<MedGenPipeline> PipelineAsync()
    {
        lock (_gate)
        {
            return _loading ??= executor.RunAsync(_ => Load(), WorkPriority.Normal, isAdmitted: true, CancellationToken.None);
        }
    }

    private MedGenPipeline Load()
    {
        long started = time.GetTimestamp();
        ScalarType dataType = _options.DataType == "bfloat16" ? ScalarType.BFloat16 : ScalarType.Float32;
        MedGenPipeline pipeline = MedGenPipeline.Open(ModelFolder.Open(_options.ModelPath!), executor.Device, dataType);
        Log.ModelLoaded(logger, pipeline.Description.Name, pipeline.Description.Parameters, time.GetElapsedTime(started));
        return pipeline;
    }

    private Task<T> OnDeviceAsync<T>(Func<T> work, CancellationToken cancellationToken) =>
        executor.RunAsync(_ => work(), WorkPriority.Normal, isAdmitted: true, cancellationToken);

    /// <summary>Disposes on the device thread; when that has stopped, here, since nothing runs there any more.</summary>
    private async Task ReleaseAsync(IDisposable owned)
    {
        try
        {
            await executor.RunAsync(
                _ =>
                {
                    owned.Dispose();
                    return true;
                },
                WorkPriority.Interactive,
                isAdmitted: true,
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            owned.Dispose();
        }
    }
}
