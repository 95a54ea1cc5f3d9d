using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using MedGen.Application.Access;
using MedGen.Application.Admission;
using MedGen.Application.Auditing;
using MedGen.Application.Cluster;
using MedGen.Application.Idempotency;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Requests;
using MedGen.Application.Models;
using MedGen.Application.Plugins;
using MedGen.Application.Validation;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Serving;
using MedGen.Sdk.Models;
using MedGen.Sdk.Parameters;
using MedGen.Sdk.Plugins;
using MediatR;

namespace MedGen.Application.Generation;

/// <summary>
/// Asks for a clip from text, and a stored clip or a stored picture beside it. Answers at once with the queued job; <see cref="WatchJob"/> tells
/// the rest.
/// </summary>
public sealed record GenerateVideo : IRequest<Job>, IIdempotentMessage, IAuditedMessage, IWorkMessage, ICheckedMessage
{
    /// <summary>What to show, 1 to 4,000 characters.</summary>
    public required string Prompt { get; init; }

    /// <summary>What to avoid, at most 4,000 characters; null: the model's default, empty: the empty text.</summary>
    public string? NegativePrompt { get; init; }

    /// <summary>Width in px, a multiple of 16, 16 to 1,280; null: the model's default.</summary>
    public int? Width { get; init; }

    /// <summary>Height in px, a multiple of 16, 16 to 1,280; null: the model's default.</summary>
    public int? Height { get; init; }

    /// <summary>Number of frames, 4k + 1, 1 to 257; null: the model's default.</summary>
    public int? NumFrames { get; init; }

    /// <summary>Frame rate in frames per second, 1 to 60; null: the model's default.</summary>
    public double? FramesPerSecond { get; init; }

    /// <summary>Denoising steps, 1 to 200; null: the model's default.</summary>
    public int? NumInferenceSteps { get; init; }

    /// <summary>Classifier-free guidance scale, 0 to 30; 1 turns guidance off; null: the model's default.</summary>
    public double? GuidanceScale { get; init; }

    /// <summary>Seed of the noise, 0 to 2^63 − 1; null: drawn when the job is made, and told in the provenance.</summary>
    public long? Seed { get; init; }

    /// <summary>
    /// Artifact to start from (video to video): from its beginning, <see cref="NumFrames"/> frames at <see cref="FramesPerSecond"/>, scaled to the
    /// asked size. Null: from noise.
    /// </summary>
    [Identifier]
    public string? SourceArtifactId { get; init; }

    /// <summary>With <see cref="SourceArtifactId"/>: how much of the way back to noise the source is sent; above 0, at most 1.</summary>
    public double Strength { get; init; } = 1;

    /// <summary>
    /// Artifact that the clip begins with (image to video): a picture, or a clip whose first frame is taken, 16 to 8,192 px a side. Null: none. Not
    /// beside <see cref="SourceArtifactId"/>, and only for a model that takes one.
    /// </summary>
    [Identifier]
    public string? FirstFrameArtifactId { get; init; }

    /// <summary>With <see cref="FirstFrameArtifactId"/>: how it gets to the asked size; null: it is cropped.</summary>
    [EnumDataType(typeof(FirstFrameFit))]
    public FirstFrameFit? FirstFrameFit { get; init; }

    /// <summary>Whether the frames must be the same to the last bit whatever else runs: it never shares a forward with others.</summary>
    public bool Deterministic { get; init; }

    /// <summary>How the flow is integrated; null: what the adapters were made for, otherwise as <see cref="Wan"/> says.</summary>
    [EnumDataType(typeof(GenerationScheduler))]
    public GenerationScheduler? Scheduler { get; init; }

    /// <summary>Options of the generator, a JSON object of at most 64 KiB that keeps its schema. Default: none.</summary>
    [StringLength(64 * 1024)]
    public string Options { get; init; } = ParameterSchema.NoParameters;

    /// <summary>Options of the Wan family, for generators that use the resident model.</summary>
    public WanOptions Wan { get; init; } = new();

    /// <summary>A preview of the middle frame every so many steps, 0 to 200; 0: none.</summary>
    public int PreviewInterval { get; init; }

    /// <summary>Name of the model; null: the resident one.</summary>
    [PlainName]
    public string? Model { get; init; }

    /// <summary>Id of the plugin that generates; null: the first active one that can.</summary>
    [Identifier]
    public string? PluginId { get; init; }

    /// <summary>How urgent it is.</summary>
    [EnumDataType(typeof(ServicePriority))]
    public ServicePriority Priority { get; init; } = ServicePriority.Normal;

    /// <summary>
    /// How long the job may take, waiting included; above 0, at most 7 days; after it the job fails, wherever it stands. Null: no limit.
    /// </summary>
    [JobTimeout]
    public TimeSpan? Timeout { get; init; }

    /// <inheritdoc />
    [IdempotencyKey, JsonIgnore]
    public string? IdempotencyKey { get; init; }

    /// <summary>The artifact that it reads; null: none.</summary>
    internal string? Input => SourceArtifactId ?? FirstFrameArtifactId;

    string? IAuditedMessage.AuditSubject => Input is { } input ? $"artifact:{input}" : null;

    WorkEstimate IWorkMessage.Estimate =>
        new() { AddsJob = true, GeneratedFrames = NumFrames ?? new GenerationDefaults().NumFrames, WritesFiles = true };

    // The ranges stand beside the fields of what this resolves to; any model's defaults are within them.
    void ICheckedMessage.Check(Violations violations)
    {
        Resolve(new GenerationDefaults(), seed: 0).Check(violations);
        violations.Require(
            SourceArtifactId is null || FirstFrameArtifactId is null, "first_frame_artifact_id", $"is given beside source_artifact_id",
            $"one of the two");
        violations.Require(
            FirstFrameFit is null || FirstFrameArtifactId is not null, "first_frame_fit", $"is given", $"none without first_frame_artifact_id");
        CheckName("wan.adapter", Wan.Adapter);
        foreach ((int index, AdapterUse use) in Wan.Adapters.Index())
        {
            CheckName($"wan.adapters[{index}].name", use.Name);
        }

        void CheckName(string field, string? name) => violations.Require(
            new IdentifierAttribute().IsValid(name), field, $"got another value", $"{new IdentifierAttribute().FormatErrorMessage("")}");
    }

    string IIdempotentMessage.Fingerprint() => JsonSerializer.Serialize(this, JobJson.Options);

    /// <summary>The whole request: what is asked for, and where nothing is said what the adapters were made for, or the model's defaults.</summary>
    /// <param name="defaults">The model's.</param>
    /// <param name="seed">Taken where none is asked for.</param>
    /// <param name="adapters">The adapters'; null: they state nothing.</param>
    internal VideoGenerationRequest Resolve(GenerationDefaults defaults, long seed, AdapterDefaults? adapters = null)
    {
        GenerationScheduler scheduler = Scheduler ?? adapters?.Scheduler ?? Wan.Scheduler;
        return Resolve(defaults, seed, adapters ?? new AdapterDefaults(), scheduler);
    }

    private VideoGenerationRequest Resolve(GenerationDefaults defaults, long seed, AdapterDefaults adapters, GenerationScheduler scheduler) => new()
    {
        Prompt = Prompt,
        NegativePrompt = NegativePrompt,
        Width = Width ?? defaults.Width,
        Height = Height ?? defaults.Height,
        NumFrames = NumFrames ?? defaults.NumFrames,
        FramesPerSecond = FramesPerSecond ?? defaults.FramesPerSecond,
        NumInferenceSteps = NumInferenceSteps ?? adapters.NumInferenceSteps ?? StepsOf(scheduler) ?? defaults.NumInferenceSteps,
        GuidanceScale = GuidanceScale ?? adapters.GuidanceScale ?? defaults.GuidanceScale,
        Seed = Seed ?? seed,
        Strength = Strength,
        FirstFrameFit = FirstFrameFit ?? default,
        Deterministic = Deterministic,
        Options = Options,
        Wan = Wan with
        {
            Scheduler = scheduler,
            Shift = Wan.Shift ?? adapters.Shift ?? defaults.Shift,

            // The two defaults belong together: whoever asks for one scale means both experts.
            LowNoiseGuidanceScale = Wan.LowNoiseGuidanceScale ?? (GuidanceScale is not null ? null
                : adapters.GuidanceScale is not null ? adapters.LowNoiseGuidanceScale
                : adapters.LowNoiseGuidanceScale ?? defaults.LowNoiseGuidanceScale),
        },
        PreviewInterval = PreviewInterval,
    };

    // Of distilled models: the steps that they were distilled to.
    private static int? StepsOf(GenerationScheduler scheduler) => scheduler switch
    {
        GenerationScheduler.Dmd => 3,
        GenerationScheduler.LightX2V => 4,
        _ => null,
    };
}

internal sealed class GenerateVideoHandler(
    JobIntake intake, IPluginCatalog catalog, PluginCalls calls, ResidentModelSource models, AdapterNames adapters, FirstFrames firstFrames,
    JobPlacement placement, CallerContext caller)
    : IRequestHandler<GenerateVideo, Job>
{
    public async Task<Job> Handle(GenerateVideo request, CancellationToken cancellationToken)
    {
        string tenant = caller.Require().OwnTenant;

        // Borrowed and given back at once: a caller learns now, not from a failed job, what is wrong with the request, or that nobody can do this.
        using PluginLease<IVideoGenerator> lease = await catalog.AcquireAsync<IVideoGenerator>(
            CapabilityKinds.Generation, null, request.PluginId, cancellationToken).ConfigureAwait(false);
        GeneratorDescription generator = lease.Service.Describe();
        GeneratorOptions.Check(generator, lease.PluginId, request);
        AdapterDefaults? made = null;
        foreach (AdapterUse use in generator.UsesResidentModel ? request.Wan.AdaptersInUse() : [])
        {
            AdapterDescription adapter = await models.DescribeAdapterAsync(use.Name, tenant, cancellationToken).ConfigureAwait(false);
            made = AdapterDefaultsChoice.Join(made, adapter.Defaults, request);
        }

        if (generator.UsesResidentModel && request.Model is { } named && !models.Has(named))
        {
            await placement.RefuseModelAsync(named, tenant, cancellationToken).ConfigureAwait(false);
        }

        ModelDescription? model = generator.UsesResidentModel ? models.Describe(request.Model) : null;
        Violations violations = new();
        violations.Require(
            generator.UsesResidentModel || request.Model is null, "model", $"is given",
            $"none, as the plugin '{lease.PluginId}' has a model of its own");
        violations.ThrowIfAny();
        string[] inputs = request.Input is { } input ? [input] : [];
        await intake.RequireVisibleAsync(inputs, cancellationToken).ConfigureAwait(false);
        FirstFrames.RequireWhereNeeded(model, request.FirstFrameArtifactId);
        if (request.FirstFrameArtifactId is { } picture)
        {
            FirstFrames.Require(generator, lease.PluginId, model);
            await firstFrames.CheckAsync(picture, cancellationToken).ConfigureAwait(false);
        }

        // Stored as resolved, so that a job which runs again makes the same clip whatever the model's defaults are then.
        ResolvedGeneration resolved = new()
        {
            Request = request.Resolve(model?.Defaults ?? generator.Defaults, Random.Shared.NextInt64(), made),
            SourceArtifactId = request.SourceArtifactId,
            FirstFrameArtifactId = request.FirstFrameArtifactId,
            Model = request.Model,
            ResolvedWith = model?.Name,
            ResolvedHash = model?.Hash,
            PluginId = request.PluginId,
        };
        await calls.AskAsync(lease, (service, token) => service.ValidateAsync(adapters.For(resolved.Request, tenant), token), cancellationToken)
            .ConfigureAwait(false);
        if (JobNeeds.Of(resolved, tenant, adapters) is { } needs)
        {
            await placement.RequireAsync(needs, tenant, cancellationToken).ConfigureAwait(false);
        }

        return await intake.AddAsync(
            JobKind.Generation, resolved, request.Priority, request.Timeout, inputs, resolved.Request.NumFrames, cancellationToken)
            .ConfigureAwait(false);
    }
}
