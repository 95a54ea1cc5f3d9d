using System.Runtime.CompilerServices;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Serving;
using MedGen.Sdk.Models;
using MedGen.Model.Checkpoints;
using MedGen.Model.Pipelines;
using MedGen.Model.Sizing;
using MedGen.Runtime.Adapters;
using MedGen.Runtime.Execution;
using MedGen.Runtime.Scheduling;
using MedGen.Torch.Operations;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using static TorchSharp.torch;

namespace MedGen.Runtime.Models;

/// <summary>
/// The one model, loaded once on the device thread. Generations become sessions that take turns there, step by step. Tensors stay on the device
/// thread; only frames and numbers leave it.
/// </summary>
internal sealed class ResidentModel(
    DeviceExecutor executor, IOptions<MedGenRuntimeOptions> options, TimeProvider time,
    ILogger<ResidentModel> logger) : IMedGenModel, IPromptMemory, IAdapterList, IModelCapacity, IAsyncDisposable
{
    private readonly MedGenRuntimeOptions _options = options.Value;
    private readonly AdapterShelf _adapters = new(new AdapterFolders([.. options.Value.AdapterFolders]), options.Value.AdapterBytes, executor);
    private readonly Lock _gate = new();
    private Task<MedGenPipeline>? _loading;
    private StepScheduler? _scheduler;

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
        if (Warning(request, pipeline.Description) is { } warning)
        {
            yield return warning;
        }

        using AdapterLeases adapters = await TakeAdaptersAsync(request, pipeline, cancellationToken).ConfigureAwait(false);
        GenerationRun run = Scheduler(pipeline).Submit(request, adapters.All, cancellationToken);
        await using ConfiguredAsyncDisposable runDisposal = run.ConfigureAwait(false);

        // The run's own end tells of the cancellation, after a last checkpoint.
        await foreach (GenerationUpdate update in run.ReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            yield return update;
        }
    }

    public async Task ValidateAsync(VideoGenerationRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ThrowIfNoModel();
        MedGenPipeline pipeline = await PipelineAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        pipeline.CheckSettings(request);
        using AdapterLeases adapters = await TakeAdaptersAsync(request, pipeline, cancellationToken).ConfigureAwait(false);
        pipeline.CheckAdapters(request, [.. adapters.All.Select(adapter => adapter.Adapter)]);
    }

    /// <summary>Tells which words the model does not know. An adapter may have learnt words of its own, so with one nothing is said.</summary>
    private static GenerationWarning? Warning(VideoGenerationRequest request, ModelDescription model) =>
        request.Wan.AdaptersInUse().Count == 0 && model.Lexicon?.UnknownWords(request.Prompt) is { Count: > 0 } unknown
            ? new GenerationWarning { Message = $"not known to this model: {string.Join(", ", unknown)}", UnknownWords = unknown }
            : null;

    public async Task<AdapterDescription> DescribeAdapterAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        ThrowIfNoModel();
        MedGenPipeline pipeline = await PipelineAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        using AdapterLease adapter = await _adapters.TakeAsync(name, pipeline, cancellationToken).ConfigureAwait(false);
        return adapter.Description with { Defaults = _adapters.DefaultsOf(name), TrainingData = _adapters.TrainingDataOf(name) };
    }

    public IReadOnlyList<string> List(string? tenant) => _adapters.List(tenant);

    public bool IsLoading => _options.ModelPath is not null && Loaded is null;

    public ModelCapacity? Read()
    {
        if (Loaded is not { } pipeline)
        {
            return null;
        }

        ModelDescription model = pipeline.Description;
        GenerationCost clip = pipeline.CostOf(model.Defaults.ToRequest("", seed: 0));
        (long free, double? step) = Scheduler(pipeline).Measure(clip);
        return new ModelCapacity
        {
            Model = model,
            RoomBytes = pipeline.MemoryLimit - pipeline.WeightBytes,
            FreeBytes = free,
            StepSeconds = step,
            WarmAdapters = _adapters.Names,
        };
    }

    public long? BytesFor(VideoGenerationRequest request, long room)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            return Loaded is { } pipeline && pipeline.CostOf(request, pipeline.WeightBytes + room) is { } cost
                ? cost.ActivationBytes + cost.SessionBytes
                : null;
        }
        catch (InvalidInputException)
        {
            return null;
        }
    }

    public async Task<ModelFeatures> ExtractFeaturesAsync(
        IReadOnlyList<VideoFrame> frames, string layer, double timestep, CancellationToken cancellationToken)
    {
        ThrowIfNoModel();
        MedGenPipeline pipeline = await PipelineAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        return await executor.RunAsync(_ => pipeline.ExtractFeatures(frames, layer, timestep), ServicePriority.Interactive, cancellationToken)
            .ConfigureAwait(false);
    }

    public async Task<bool> ForgetAsync(CancellationToken cancellationToken)
    {
        Task<MedGenPipeline>? loading;
        lock (_gate)
        {
            loading = _loading;
        }

        if (loading is null)
        {
            return _options.EmbeddingFolder is not { } folder || MedGenPipeline.ForgetPrompts(folder);
        }

        try
        {
            MedGenPipeline pipeline = await loading.WaitAsync(cancellationToken).ConfigureAwait(false);
            return await executor.RunAsync(_ => pipeline.ForgetPrompts(), ServicePriority.Interactive, cancellationToken).ConfigureAwait(false);
        }
        catch (DeviceFaultException)
        {
            return false;
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
            MedGenPipeline pipeline = await loading.ConfigureAwait(false);
            await ReleaseAsync(() =>
            {
                _scheduler?.Dispose();
                _adapters.Clear();
                pipeline.Dispose();
            }).ConfigureAwait(false);
        }
    }

    private async Task<AdapterLeases> TakeAdaptersAsync(VideoGenerationRequest request, MedGenPipeline pipeline, CancellationToken cancellationToken)
    {
        AdapterLeases adapters = new();
        try
        {
            foreach (AdapterUse use in request.Wan.AdaptersInUse())
            {
                adapters.Add(await _adapters.TakeAsync(use.Name, pipeline, cancellationToken).ConfigureAwait(false));
            }

            return adapters;
        }
        catch
        {
            adapters.Dispose();
            throw;
        }
    }

    private MedGenPipeline? Loaded
    {
        get
        {
            lock (_gate)
            {
                return _loading is { IsCompletedSuccessfully: true } ? _loading.Result : null;
            }
        }
    }

    private void ThrowIfNoModel()
    {
        if (_options.ModelPath is null)
        {
            throw new FailedPreconditionException(
                "MODEL_NOT_LOADED", "No model is loaded. Start the host with a model folder, for instance: medgen serve --model FOLDER.");
        }
    }

    private StepScheduler Scheduler(MedGenPipeline pipeline)
    {
        lock (_gate)
        {
            return _scheduler ??= new StepScheduler(executor, pipeline, _adapters, _options, time);
        }
    }

    private Task<MedGenPipeline> PipelineAsync()
    {
        lock (_gate)
        {
            return _loading ??= executor.RunAsync(_ => Load(), ServicePriority.Normal, isAdmitted: true, CancellationToken.None);
        }
    }

    private MedGenPipeline Load()
    {
        long started = time.GetTimestamp();
        ScalarType dataType = NumberType.Parse(_options.DataType, executor.Device);
        MedGenPipeline pipeline = MedGenPipeline.Open(ModelFolder.Open(_options.ModelPath!), executor.Device, dataType, _options.EmbeddingFolder);
        pipeline.MemoryLimit = _options.MemoryLimit();
        Log.ModelLoaded(
            logger, pipeline.Description.Name, pipeline.Description.Parameters, pipeline.Description.DataType, pipeline.Description.Kernels,
            time.GetElapsedTime(started));
        if (NumberType.EmulationWarning(dataType, executor.Device) is { } warning)
        {
            Log.NumberTypeEmulated(logger, warning);
        }

        return pipeline;
    }

    /// <summary>On the device thread; when that has stopped, here, since nothing runs there any more.</summary>
    private async Task ReleaseAsync(Action release)
    {
        try
        {
            await executor.EnqueueAsync(release, ServicePriority.Interactive).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or DeviceFaultException)
        {
            release();
        }
    }
}
