using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using MedGen.Application.Admission;
using MedGen.Application.Auditing;
using MedGen.Application.Idempotency;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Requests;
using MedGen.Application.Plugins;
using MedGen.Application.Validation;
using MedGen.Sdk.Classification;
using MedGen.Sdk.Serving;
using MedGen.Sdk.Plugins;
using MediatR;

namespace MedGen.Application.Analysis;

/// <summary>Asks what a stored clip or still shows. Answers at once with the queued job; <see cref="WatchJob"/> tells the rest.</summary>
public sealed record ClassifyVideo : IRequest<Job>, IIdempotentMessage, IAuditedMessage, IWorkMessage
{
    /// <summary>The artifact to classify.</summary>
    [Identifier]
    public required string ArtifactId { get; init; }

    /// <summary>Task of the classifier, for instance <c>imaging-modality</c>.</summary>
    [Identifier]
    public required string Task { get; init; }

    /// <summary>Id of the plugin that classifies; null: the first active one with the task.</summary>
    [Identifier]
    public string? PluginId { get; init; }

    /// <summary>Parameters of the classifier by name; null: its defaults. At most 32, names up to 64 and values up to 256 characters.</summary>
    [ClassifierParameters]
    public IReadOnlyDictionary<string, string>? Parameters { get; init; }

    /// <summary>
    /// Whether predictions of single frames become events too. They are thinned to a few per second of running time; the answer for the
    /// clip always comes.
    /// </summary>
    public bool IncludeFrames { get; init; } = true;

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

    string? IAuditedMessage.AuditSubject => $"artifact:{ArtifactId}";

    WorkEstimate IWorkMessage.Estimate => new() { AddsJob = true };

    string IIdempotentMessage.Fingerprint() => JsonSerializer.Serialize(this, JobJson.Options);
}

internal sealed class ClassifyVideoHandler(JobIntake intake, IPluginCatalog catalog) : IRequestHandler<ClassifyVideo, Job>
{
    public async Task<Job> Handle(ClassifyVideo request, CancellationToken cancellationToken)
    {
        // Borrowed and given back at once: a caller learns now, not from a failed job, that nobody can do this.
        using (await catalog.AcquireAsync<IVideoClassifier>(
            PluginCapabilityKind.VideoClassifier, request.Task, request.PluginId, cancellationToken).ConfigureAwait(false))
        {
        }

        return await intake.AddAsync(
            JobKind.Classification, request, request.Priority, request.Timeout, request.ArtifactId, generatedFrames: 0, cancellationToken)
            .ConfigureAwait(false);
    }
}
