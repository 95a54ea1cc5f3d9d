using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MedGen.Abstractions.Errors;
using MedGen.Abstractions.Frames;
using MedGen.Abstractions.Generation;
using MedGen.Abstractions.Models;
using MedGen.Abstractions.Plugins;
using MedGen.Application.Artifacts;
using MedGen.Application.Jobs;
using MedGen.Application.Models;
using MedGen.Application.Plugins;
using MedGen.Media;
using Microsoft.Extensions.Options;

namespace MedGen.Application.Generation;

/// <summary>Runs a generation job: reads the source if there is one, borrows the generator, writes an mp4 with its provenance.</summary>
internal sealed class GenerationWork(
    IPluginCatalog catalog,
    ResidentModelSource models,
    IArtifactStore artifacts,
    JobCheckpoints checkpoints,
    IVideoReader reader,
    IVideoWriter writer,
    IOptions<MedGenApplicationOptions> options,
    TimeProvider time) : IJobWork
{
    private static readonly string PlatformVersion = typeof(GenerationWork).Assembly.GetName().Version!.ToString(3);

    public JobKind Kind => JobKind.Generation;

    public async Task RunAsync(ClaimedJob claimed, JobReporter reporter, CancellationToken cancellationToken)
    {
        GenerateVideo asked = JsonSerializer.Deserialize<GenerateVideo>(claimed.Request, JobJson.Options)!;
        ModelDescription model = models.Describe(asked.Model);
        List<VideoFrame> source = [];
        string path = artifacts.NewWorkFile(".mp4");
        try
        {
            // What lies in a store may be older than the defaults in it.
            VideoGenerationRequest request = ToRequest(asked, asked.Defaults ?? model.Defaults);
            await ReadSourceAsync(asked.SourceArtifactId, request, source, cancellationToken);
            request = request with { SourceFrames = source.Count == 0 ? null : source, Service = await TermsAsync(claimed.Job, cancellationToken) };
            using PluginLease<IVideoGenerator> lease = await catalog.AcquireAsync<IVideoGenerator>(
                PluginCapabilityKind.VideoGenerator, null, asked.PluginId, cancellationToken);
            GenerationProvenance provenance = await DescribeAsync(claimed.Job, asked.SourceArtifactId, request, model, lease, cancellationToken);
            GenerationUpdates updates = new(claimed.Job, checkpoints, reporter, provenance);
            IAsyncEnumerable<VideoFrame> frames = updates.FramesOf(lease.Service.GenerateAsync(request, cancellationToken), cancellationToken);
            VideoEncoding encoding = new() { FramesPerSecond = request.FramesPerSecond, ProvenanceId = provenance.Id };
            await writer.WriteAsync(path, frames, encoding, cancellationToken);
            NewArtifact result = new()
            {
                FileName = $"{claimed.Job.Id}.mp4",
                MediaType = "video/mp4",
                Owner = claimed.Job.Owner,
                Provenance = provenance,
            };
            Artifact artifact = await artifacts.AdoptAsync(result, path, cancellationToken);
            await reporter.ReportAsync(new ArtifactProduced { Artifact = artifact }, cancellationToken);
        }
        finally
        {
            source.ForEach(frame => frame.Dispose());
            File.Delete(path);
        }
    }

    private static VideoGenerationRequest ToRequest(GenerateVideo asked, GenerationDefaults defaults) => asked.Over(defaults).ToRequest(asked.Prompt, asked.Seed!.Value) with
    {
        NegativePrompt = asked.NegativePrompt,
        Scheduler = asked.Scheduler,
        Strength = asked.Strength,
        Adapter = asked.Adapter,
        AdapterScale = asked.AdapterScale,
        Deterministic = asked.Deterministic,
        Acceleration = asked.Acceleration,
        PreviewInterval = asked.PreviewInterval,
    };

    private async Task<ServiceTerms> TermsAsync(Job job, CancellationToken cancellationToken) => new()
    {
        Tenant = job.Owner,
        Priority = job.Priority,
        Deadline = job.DeadlineAt,

        // After a start that led nowhere each step counts: a job that the host survives for one step at a time still comes to its end.
        CheckpointInterval = options.Value.CheckpointInterval > 0 && job.Attempt > 1 ? 1 : options.Value.CheckpointInterval,
        Checkpoint = options.Value.CheckpointInterval > 0 ? await checkpoints.FindAsync(job, cancellationToken) : null,
    };

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private async Task ReadSourceAsync(string? artifactId, VideoGenerationRequest request, List<VideoFrame> frames, CancellationToken cancellationToken)
    {
        if (artifactId is null)
        {
            return;
        }

        IVideoClip clip = await reader.OpenArtifactAsync(artifacts, artifactId, cancellationToken);
        FrameSampling sampling = new()
        {
            FramesPerSecond = clip.Info.FrameRate is null ? null : request.FramesPerSecond,
            MaxFrames = request.NumFrames,
            Width = request.Width,
            Height = request.Height,
        };
        await foreach (VideoFrame frame in clip.ReadFramesAsync(sampling, cancellationToken))
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
        Job job, string? sourceId, VideoGenerationRequest request, ModelDescription model, PluginLease<IVideoGenerator> lease, CancellationToken cancellationToken)
    {
        AdapterDescription? adapter = request.Adapter is { } name ? await models.DescribeAdapterAsync(name, cancellationToken) : null;
        Artifact? source = sourceId is { } id ? await artifacts.FindAsync(id, cancellationToken) : null;
        GenerationProvenance provenance = new()
        {
            JobId = job.Id,
            Model = model.Name,
            ModelHash = model.Hash,
            ModelDataType = model.DataType,
            ModelIsTrained = model.IsTrained,
            PromptSha256 = Hash(request.Prompt),
            NegativePromptSha256 = request.NegativePrompt is { } negative ? Hash(negative) : null,
            Width = request.Width,
            Height = request.Height,
            NumFrames = request.NumFrames,
            FramesPerSecond = request.FramesPerSecond,
            Seed = request.Seed,
            Scheduler = request.Scheduler.ToString(),
            NumInferenceSteps = request.NumInferenceSteps,
            GuidanceScale = request.GuidanceScale,
            Shift = request.Shift,
            SourceSha256 = source?.Sha256,
            Strength = source is null ? null : request.Strength,
            Adapter = request.Adapter,
            AdapterSha256 = adapter?.Sha256,
            AdapterScale = request.Adapter is null ? null : request.AdapterScale,
            Acceleration = request.Acceleration,
            PluginId = lease.PluginId,
            PluginVersion = lease.PluginVersion,
            PlatformVersion = PlatformVersion,
            SdkVersion = MedGenSdk.Version.ToString(),
            CreatedAt = time.GetUtcNow(),
        };
        return provenance.Seal();
    }
}
