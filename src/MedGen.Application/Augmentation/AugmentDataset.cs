using System.Text.Json;
using System.Text.Json.Serialization;
using MedGen.Application.Access;
using MedGen.Application.Admission;
using MedGen.Application.Auditing;
using MedGen.Application.Idempotency;
using MedGen.Application.Jobs;
using MedGen.Datasets.Augmentation;
using MediatR;

namespace MedGen.Application.Augmentation;

/// <summary>
/// Asks for a larger data set, from a stored archive or from a folder of the host's machine. Answers at once with the queued job; <see cref="WatchJob"/> tells the rest.
/// </summary>
[RequiresRole(Role.Operator)]
public sealed record AugmentDataset : IRequest<Job>, IIdempotentMessage, IAuditedMessage, IWorkMessage
{
    /// <summary>A stored tar file: a packed data set folder, or a WebDataset shard. Null: <see cref="DataFolder"/>.</summary>
    public string? DatasetArtifactId { get; init; }

    /// <summary>A folder or tar file of the host's machine, within those that the host allows. Null: <see cref="DatasetArtifactId"/>.</summary>
    public string? DataFolder { get; init; }

    /// <summary>With <see cref="DataFolder"/>: the folder of the host's machine to write. Null: the result is one tar file, an artifact.</summary>
    public string? OutputFolder { get; init; }

    /// <summary>What may be in the output folder.</summary>
    public OutputMode Mode { get; init; }

    /// <summary>The specification as JSON (docs/augmentation.md), at most 256 KiB; empty: all defaults.</summary>
    public string Spec { get; init; } = "";

    /// <summary>Id of the plugin that makes the clips; null: the first active one that can.</summary>
    public string? PluginId { get; init; }

    /// <summary>
    /// How long the job may take, waiting included; above 0, at most 7 days; after it the job fails, wherever it stands. Null: no limit.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <inheritdoc />
    [JsonIgnore]
    public string? IdempotencyKey { get; init; }

    [JsonIgnore]
    string? IAuditedMessage.AuditSubject => DatasetArtifactId is null ? null : $"artifact:{DatasetArtifactId}";

    [JsonIgnore]
    WorkEstimate IWorkMessage.Estimate => new() { AddsJob = true, WritesFiles = true };

    string IIdempotentMessage.Fingerprint() => JsonSerializer.Serialize(this, JobJson.Options);
}
