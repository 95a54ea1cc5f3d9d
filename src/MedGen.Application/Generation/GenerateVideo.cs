using System.Text.Json;
using System.Text.Json.Serialization;
using MedGen.Abstractions.Generation;
using MedGen.Abstractions.Models;
using MedGen.Application.Access;
using MedGen.Application.Admission;
using MedGen.Application.Auditing;
using MedGen.Application.Idempotency;
using MedGen.Application.Jobs;
using MediatR;

namespace MedGen.Application.Generation;

/// <summary>
/// Asks for a clip from text, or from text and a stored clip. Answers at once with the queued job; <see cref="WatchJob"/> tells the rest.
/// </summary>
[RequiresRole(Role.Operator)]
public sealed record GenerateVideo : IRequest<Job>, IIdempotentMessage, IAuditedMessage, IWorkMessage
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

    /// <summary>Timestep shift of the flow schedule, above 0, at most 30; null: the model's default.</summary>
    public double? Shift { get; init; }

    /// <summary>How the flow is integrated.</summary>
    public GenerationScheduler Scheduler { get; init; } = GenerationScheduler.UniPC;

    /// <summary>Seed of the noise, 0 to 2^63 − 1; null: drawn when the job is made, and told in the provenance.</summary>
    public long? Seed { get; init; }

    /// <summary>
    /// Artifact to start from (video to video): from its beginning, <see cref="NumFrames"/> frames at <see cref="FramesPerSecond"/>, scaled to the
    /// asked size. Null: from noise.
    /// </summary>
    public string? SourceArtifactId { get; init; }

    /// <summary>With <see cref="SourceArtifactId"/>: how much of the way back to noise the source is sent; above 0, at most 1.</summary>
    public double Strength { get; init; } = 1;

    /// <summary>Name of an adapter (LoRA) of the host; null: the model as it is.</summary>
    public string? Adapter { get; init; }

    /// <summary>With <see cref="Adapter"/>: how much of it is added, 0 to 2; 1 as it was trained.</summary>
    public double AdapterScale { get; init; } = 1;

    /// <summary>Whether the frames must be the same to the last bit whatever else runs: it never shares a forward with others.</summary>
    public bool Deterministic { get; init; }

    /// <summary>Shortcuts that change the frames somewhat; null: none.</summary>
    public GenerationAcceleration? Acceleration { get; init; }

    /// <summary>A preview of the middle frame every so many steps, 0 to 200; 0: none.</summary>
    public int PreviewInterval { get; init; }

    /// <summary>Name of the model; null: the resident one.</summary>
    public string? Model { get; init; }

    /// <summary>Id of the plugin that generates; null: the first active one that can.</summary>
    public string? PluginId { get; init; }

    /// <summary>How urgent it is.</summary>
    public ServicePriority Priority { get; init; } = ServicePriority.Normal;

    /// <summary>
    /// How long the job may take, waiting included; above 0, at most 7 days; after it the job fails, wherever it stands. Null: no limit.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The model's defaults when the job was opened, so that a job which runs again makes the same clip; the handler sets them, callers do not.</summary>
    public GenerationDefaults? Defaults { get; init; }

    /// <inheritdoc />
    [JsonIgnore]
    public string? IdempotencyKey { get; init; }

    [JsonIgnore]
    string? IAuditedMessage.AuditSubject => SourceArtifactId is null ? null : $"artifact:{SourceArtifactId}";

    [JsonIgnore]
    WorkEstimate IWorkMessage.Estimate => new() { AddsJob = true, GeneratedFrames = NumFrames ?? new GenerationDefaults().NumFrames, WritesFiles = true };

    /// <summary>What is asked for, and the model's defaults where nothing is said.</summary>
    /// <param name="defaults">The model's.</param>
    public GenerationDefaults Over(GenerationDefaults defaults)
    {
        ArgumentNullException.ThrowIfNull(defaults);
        return new GenerationDefaults
        {
            Width = Width ?? defaults.Width,
            Height = Height ?? defaults.Height,
            NumFrames = NumFrames ?? defaults.NumFrames,
            FramesPerSecond = FramesPerSecond ?? defaults.FramesPerSecond,
            NumInferenceSteps = NumInferenceSteps ?? defaults.NumInferenceSteps,
            GuidanceScale = GuidanceScale ?? defaults.GuidanceScale,
            Shift = Shift ?? defaults.Shift,
        };
    }

    string IIdempotentMessage.Fingerprint() => JsonSerializer.Serialize(this, JobJson.Options);
}
