using MedGen.Application.Artifacts;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Running;
using MedGen.Application.Models;
using MedGen.Application.Plugins;
using MedGen.Application.Signing;
using MedGen.Media;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Serving;
using MedGen.Sdk.Models;
using MedGen.Sdk.Parameters;
using MedGen.Sdk.Plugins;
using Microsoft.Extensions.Options;

namespace MedGen.Application.Generation;

/// <summary>
/// Runs a generation job: reads the source or the first frame if there is one, borrows the generator, writes an mp4 with its provenance.
/// </summary>
internal sealed class GenerationWork(
    IPluginCatalog catalog,
    ResidentModelSource models,
    AdapterNames adapters,
    IArtifactStore artifacts,
    JobCheckpoints checkpoints,
    IPromptHashes prompts,
    IVideoReader reader,
    FirstFrames firstFrames,
    IVideoWriter writer,
    ClipSigner signer,
    PluginCalls calls,
    IOptions<MedGenApplicationOptions> options,
    TimeProvider time) : IJobWork
{
    private static readonly string PlatformVersion = typeof(GenerationWork).Assembly.GetName().Version!.ToString(3);

    public JobKind Kind => JobKind.Generation;

    public async Task RunAsync(ClaimedJob claimed, JobReporter reporter, CancellationToken cancellationToken)
    {
        if (await StoredResult.TryTellAsync(artifacts, claimed.Job, reporter, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        ResolvedGeneration asked = JobJson.Read<ResolvedGeneration>(claimed.Request);
        List<VideoFrame> source = [];
        VideoFrame? firstFrame = null;
        string path = artifacts.NewWorkFile(".mp4");
        try
        {
            await ReadSourceAsync(asked.SourceArtifactId, asked.Request, source, cancellationToken).ConfigureAwait(false);
            firstFrame = asked.FirstFrameArtifactId is { } picture
                ? await firstFrames.ReadAsync(picture, cancellationToken).ConfigureAwait(false)
                : null;
            VideoGenerationRequest request = asked.Request with
            {
                SourceFrames = source.Count == 0 ? null : source,
                FirstFrame = firstFrame,
                Service = await TermsAsync(claimed.Job, cancellationToken).ConfigureAwait(false),
            };
            using PluginLease<IVideoGenerator> lease = await catalog.AcquireAsync<IVideoGenerator>(
                CapabilityKinds.Generation, null, asked.PluginId, cancellationToken).ConfigureAwait(false);
            GenerationProvenance provenance = await DescribeAsync(claimed.Job, asked, request, lease, cancellationToken).ConfigureAwait(false);
            GenerationUpdates updates = new(claimed.Job, checkpoints, reporter, provenance);
            VideoGenerationRequest asModelKnows = adapters.For(request, claimed.Job.Tenant);
            IAsyncEnumerable<VideoFrame> frames = updates.FramesOf(
                calls.StreamAsync(lease, (generator, token) => generator.GenerateAsync(asModelKnows, token), cancellationToken), cancellationToken);
            VideoEncoding encoding = new() { FramesPerSecond = request.FramesPerSecond, ProvenanceId = provenance.Id };
            await writer.WriteAsync(path, frames, encoding, cancellationToken).ConfigureAwait(false);
            string signed = await signer.SignAsync(path, provenance, cancellationToken).ConfigureAwait(false);
            NewArtifact result = new()
            {
                FileName = $"{claimed.Job.Id}.mp4",
                MediaType = "video/mp4",
                Owner = claimed.Job.Owner,
                Tenant = claimed.Job.Tenant,
                JobId = claimed.Job.Id,
                Provenance = provenance,
                SignedProvenance = signed,
            };
            Artifact artifact = await artifacts.AdoptAsync(result, path, cancellationToken).ConfigureAwait(false);
            await reporter.ReportAsync(new ArtifactProduced { Artifact = artifact }, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            source.ForEach(frame => frame.Dispose());
            firstFrame?.Dispose();
            File.Delete(path);
        }
    }

    private async Task<ServiceTerms> TermsAsync(Job job, CancellationToken cancellationToken) => new()
    {
        Tenant = job.Owner,
        Priority = job.Priority,
        Deadline = job.DeadlineAt,

        // After a start that led nowhere each step counts: a job that the host survives for one step at a time still comes to its end.
        CheckpointInterval = options.Value.CheckpointInterval > 0 && job.Attempt > 1 ? 1 : options.Value.CheckpointInterval,
        Checkpoint = options.Value.CheckpointInterval > 0 ? await checkpoints.FindAsync(job, cancellationToken).ConfigureAwait(false) : null,
    };

    private async Task ReadSourceAsync(
        string? artifactId, VideoGenerationRequest request, List<VideoFrame> frames, CancellationToken cancellationToken)
    {
        if (artifactId is null)
        {
            return;
        }

        IVideoClip clip = await reader.OpenArtifactAsync(artifacts, artifactId, cancellationToken).ConfigureAwait(false);
        FrameSampling sampling = new()
        {
            FramesPerSecond = clip.Info.FrameRate is null ? null : request.FramesPerSecond,
            MaxFrames = request.NumFrames,
            Width = request.Width,
            Height = request.Height,
        };
        await foreach (VideoFrame frame in clip.ReadFramesAsync(sampling, cancellationToken).ConfigureAwait(false))
        {
            frames.Add(frame);
        }

        if (frames.Count < request.NumFrames)
        {
            throw new InvalidInputException(
                "source_artifact_id",
                $"The clip has {frames.Count} frames at {request.FramesPerSecond} frames per second; {request.NumFrames} are needed.");
        }
    }

    private async Task<GenerationProvenance> DescribeAsync(
        Job job, ResolvedGeneration asked, VideoGenerationRequest request, PluginLease<IVideoGenerator> lease, CancellationToken cancellationToken)
    {
        // The host's model is claimed only by who uses it, and with it the words of Wan.
        GeneratorDescription generator = lease.Service.Describe();
        ModelDescription? model = generator.UsesResidentModel ? models.Describe(asked.Model) : null;
        if (request.FirstFrame is not null)
        {
            // The plugin or the model may be another one than when the job was made.
            FirstFrames.Require(generator, lease.PluginId, model);
        }

        GeneratorOptions.Check(generator, request.Options);
        WanOptions? wan = model is null ? null : request.Wan;
        List<AdapterRecord> adapters = [];
        foreach (AdapterUse use in wan?.AdaptersInUse() ?? [])
        {
            AdapterDescription adapter = await models.DescribeAdapterAsync(use.Name, job.Tenant, cancellationToken).ConfigureAwait(false);
            adapters.Add(AdapterRecord.Of(use, adapter));
        }

        Artifact? source = await FindAsync(asked.SourceArtifactId, cancellationToken).ConfigureAwait(false);
        Artifact? firstFrame = await FindAsync(asked.FirstFrameArtifactId, cancellationToken).ConfigureAwait(false);
        GenerationProvenance provenance = new()
        {
            JobId = job.Id,
            Model = model?.Name ?? generator.Model ?? "",
            ModelHash = model is null ? (generator.Weights is [var first, ..] ? first.Sha256 : "") : model.Hash,
            ModelDataType = model?.DataType,
            ModelKernels = model?.Kernels,
            ModelIsTrained = model?.IsTrained ?? generator.IsTrained,
            PromptHash = await prompts.HashAsync(request.Prompt, cancellationToken).ConfigureAwait(false),
            NegativePromptHash = request.NegativePrompt is { } negative
                ? await prompts.HashAsync(negative, cancellationToken).ConfigureAwait(false)
                : null,
            Width = request.Width,
            Height = request.Height,
            NumFrames = request.NumFrames,
            FramesPerSecond = request.FramesPerSecond,
            Seed = request.Seed,
            Scheduler = wan?.Scheduler.ToString() ?? "",
            NumInferenceSteps = request.NumInferenceSteps,
            GuidanceScale = request.GuidanceScale,
            LowNoiseGuidanceScale = wan?.LowNoiseGuidanceScale,
            Shift = wan?.Shift ?? 0,
            SourceSha256 = source?.Sha256,
            Strength = source is null ? null : request.Strength,
            FirstFrameSha256 = firstFrame?.Sha256,
            FirstFrameFit = firstFrame is null ? null : request.FirstFrameFit,
            Adapters = adapters.Count == 0 ? null : adapters,
            Acceleration = wan?.Acceleration,
            OptionsHash = request.Options == ParameterSchema.NoParameters
                ? null
                : await prompts.HashAsync(request.Options, cancellationToken).ConfigureAwait(false),
            PluginId = lease.PluginId,
            PluginVersion = lease.PluginVersion,
            PlatformVersion = PlatformVersion,
            SdkVersion = MedGenSdk.Version.ToString(),
            CreatedAt = time.GetUtcNow(),
        };
        return (adapters is [var one] ? provenance with { Adapter = one.Name, AdapterSha256 = one.Sha256, AdapterScale = one.Strength } : provenance)
            .Seal();
    }

    private async Task<Artifact?> FindAsync(string? artifactId, CancellationToken cancellationToken) =>
        artifactId is null ? null : await artifacts.FindAsync(artifactId, cancellationToken).ConfigureAwait(false);
}
