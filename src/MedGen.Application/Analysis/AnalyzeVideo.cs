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
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Parameters;
using MedGen.Sdk.Plugins;
using MedGen.Sdk.Serving;
using MediatR;

namespace MedGen.Application.Analysis;

/// <summary>Asks what stored clips or stills show. Answers at once with the queued job; <see cref="WatchJob"/> tells the rest.</summary>
public sealed record AnalyzeVideo : IRequest<Job>, IIdempotentMessage, IAuditedMessage, IWorkMessage
{
    /// <summary>The clips, 1 to 16.</summary>
    [Length(1, 16)]
    public required IReadOnlyList<AnalysisInput> Inputs { get; init; }

    /// <summary>Task of the analyzer, for instance <c>imaging-modality</c>.</summary>
    [Identifier]
    public required string Task { get; init; }

    /// <summary>Id of the plugin that analyses; null: the one that serves the task.</summary>
    [Identifier]
    public string? PluginId { get; init; }

    /// <summary>Parameters as a JSON object that keeps the analyzer's schema; null: its defaults. At most 65,536 bytes.</summary>
    [Parameters]
    public string? Parameters { get; init; }

    /// <summary>
    /// Whether interim findings become events too. They are thinned to a few per second of running time; the final ones always come.
    /// </summary>
    public bool IncludeInterim { get; init; } = true;

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

    string? IAuditedMessage.AuditSubject => $"artifact:{Inputs[0].ArtifactId}";

    WorkEstimate IWorkMessage.Estimate => new() { AddsJob = true };

    string IIdempotentMessage.Fingerprint() => JsonSerializer.Serialize(this, JobJson.Options);
}

internal sealed class AnalyzeVideoHandler(JobIntake intake, IPluginCatalog catalog, PluginCalls calls) : IRequestHandler<AnalyzeVideo, Job>
{
    public async Task<Job> Handle(AnalyzeVideo request, CancellationToken cancellationToken)
    {
        // Borrowed and given back at once: a caller learns now, not from a failed job, what is wrong with the request.
        using (PluginLease<IVideoAnalyzer> lease = await catalog.AcquireAsync<IVideoAnalyzer>(
            CapabilityKinds.Analysis, request.Task, request.PluginId, cancellationToken).ConfigureAwait(false))
        {
            AnalyzerDescription description = lease.Service.Describe();
            Violations violations = new();
            InputRules.Check(description, request.Inputs, violations);
            violations.ThrowIfAny();
            string parameters = request.Parameters ?? ParameterSchema.NoParameters;
            ParameterRules.ThrowIfBroken(description.ParametersSchema, parameters);
            await calls.AskAsync(
                lease, (analyzer, token) => analyzer.ValidateAsync(new AnalysisRequest { Parameters = parameters }, token), cancellationToken)
                .ConfigureAwait(false);
        }

        return await intake.AddAsync(
            JobKind.Classification, request, request.Priority, request.Timeout, [.. request.Inputs.SelectMany(input => input.ArtifactIds)],
            generatedFrames: 0, cancellationToken).ConfigureAwait(false);
    }
}
