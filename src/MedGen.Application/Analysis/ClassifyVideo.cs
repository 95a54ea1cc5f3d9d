using System.Text.Json;
using System.Text.Json.Serialization;
using MedGen.Abstractions.Generation;
using MedGen.Application.Access;
using MedGen.Application.Admission;
using MedGen.Application.Auditing;
using MedGen.Application.Idempotency;
using MedGen.Application.Jobs;
using MediatR;

namespace MedGen.Application.Analysis;

/// <summary>Asks what a stored clip or still shows. Answers at once with the queued job; <see cref="WatchJob"/> tells the rest.</summary>
[RequiresRole(Role.Operator)]
public sealed record ClassifyVideo : IRequest<Job>, IIdempotentMessage, IAuditedMessage, IWorkMessage
{
    /// <summary>The artifact to classify.</summary>
    public required string ArtifactId { get; init; }

    /// <summary>Task of the classifier, for instance <c>imaging-modality</c>.</summary>
    public required string Task { get; init; }

    /// <summary>Id of the plugin that classifies; null: the first active one with the task.</summary>
    public string? PluginId { get; init; }

    /// <summary>Parameters of the classifier by name; null: its defaults. At most 32, names up to 64 and values up to 256 characters.</summary>
    public IReadOnlyDictionary<string, string>? Parameters { get; init; }

    /// <summary>
    /// Whether predictions of single frames become events too. They are thinned to a few per second of running time; the answer for the
    /// clip always comes.
    /// </summary>
    public bool IncludeFrames { get; init; } = true;

    /// <summary>How urgent it is.</summary>
    public ServicePriority Priority { get; init; } = ServicePriority.Normal;

    /// <summary>
    /// How long the job may take, waiting included; above 0, at most 7 days; after it the job fails, wherever it stands. Null: no limit.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <inheritdoc />
    [JsonIgnore]
    public string? IdempotencyKey { get; init; }

    [JsonIgnore]
    string? IAuditedMessage.AuditSubject => $"artifact:{ArtifactId}";

    [JsonIgnore]
    WorkEstimate IWorkMessage.Estimate => new() { AddsJob = true };

    string IIdempotentMessage.Fingerprint() => JsonSerializer.Serialize(this, JobJson.Options);
}
