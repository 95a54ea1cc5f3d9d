using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using MedGen.Application.Access;
using MedGen.Application.Admission;
using MedGen.Application.Auditing;
using MedGen.Application.Idempotency;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Requests;
using MedGen.Application.Validation;
using MedGen.Datasets.Augmentation;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Serving;
using MediatR;

namespace MedGen.Application.Augmentation;

/// <summary>
/// Asks for a larger data set, from a stored archive or from a folder of the host's machine. Answers at once with the queued job;
/// <see cref="WatchJob"/> tells the rest.
/// </summary>
public sealed record AugmentDataset : IRequest<Job>, IIdempotentMessage, IAuditedMessage, IWorkMessage, ICheckedMessage
{
    /// <summary>A stored tar file: a packed data set folder, or a WebDataset shard. Null: <see cref="DataFolder"/>.</summary>
    [Identifier]
    public string? DatasetArtifactId { get; init; }

    /// <summary>A folder or tar file of the host's machine, within those that the host allows. Null: <see cref="DatasetArtifactId"/>.</summary>
    [FullPath]
    public string? DataFolder { get; init; }

    /// <summary>With <see cref="DataFolder"/>: the folder of the host's machine to write. Null: the result is one tar file, an artifact.</summary>
    [FullPath]
    public string? OutputFolder { get; init; }

    /// <summary>What may be in the output folder.</summary>
    [EnumDataType(typeof(OutputMode))]
    public OutputMode Mode { get; init; }

    /// <summary>The specification as JSON (docs/augmentation.md), at most 256 KiB; empty: all defaults.</summary>
    [StringLength(256 * 1024)]
    public string Spec { get; init; } = "";

    /// <summary>Id of the plugin that makes the clips; null: the first active one that can.</summary>
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

    string? IAuditedMessage.AuditSubject => DatasetArtifactId is null ? null : $"artifact:{DatasetArtifactId}";

    WorkEstimate IWorkMessage.Estimate => new() { AddsJob = true, WritesFiles = true };

    void ICheckedMessage.Check(Violations violations)
    {
        violations.Require(
            DatasetArtifactId is null != DataFolder is null, "dataset_artifact_id", $"got {(DataFolder is null ? "neither" : "both")}",
            $"an artifact or a data folder");
        violations.Require(
            OutputFolder is null == DataFolder is null, "output_folder", $"got {(OutputFolder is null ? "none" : "one")}",
            $"one with a data folder, none without");
        violations.Require(Mode == OutputMode.New || OutputFolder is not null, "mode", $"got {Mode:G} without an output folder", $"New");
    }

    string IIdempotentMessage.Fingerprint() => JsonSerializer.Serialize(this, JobJson.Options);
}

internal sealed class AugmentDatasetHandler(
    JobIntake intake, AugmentationCheck check, DatasetFolders folders, IFolderOwners owners, CallerContext caller)
    : IRequestHandler<AugmentDataset, Job>
{
    public async Task<Job> Handle(AugmentDataset request, CancellationToken cancellationToken)
    {
        Caller asking = caller.Require();
        folders.Resolve(request.DataFolder, "data_folder", asking.OwnTenant);
        string? output = folders.Resolve(request.OutputFolder, "output_folder", asking.OwnTenant);

        // A caller learns now, not from a failed job, what is wrong with the specification, or that nobody can do this.
        await check.RequireAsync(request.Spec, request.PluginId, asking.OwnTenant, cancellationToken).ConfigureAwait(false);
        if (output is not null)
        {
            // What the host allows to all is nobody's, so that nobody can keep the others out of it.
            await owners.TakeAsync(output, asking, !folders.IsAllowedFolder(output, asking.OwnTenant), cancellationToken).ConfigureAwait(false);
        }

        return await intake.AddAsync(
            JobKind.Augmentation, request, request.Priority, request.Timeout, request.DatasetArtifactId is { } input ? [input] : [],
            generatedFrames: 0, cancellationToken).ConfigureAwait(false);
    }
}
