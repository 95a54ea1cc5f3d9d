using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using MedGen.Application.Access;
using MedGen.Application.Admission;
using MedGen.Application.Augmentation;
using MedGen.Application.Auditing;
using MedGen.Application.Idempotency;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Requests;
using MedGen.Application.Validation;
using MedGen.Datasets.Augmentation;
using MedGen.Sdk.Serving;
using MediatR;

namespace MedGen.Application.Curation;

/// <summary>
/// Asks for a captioned data set out of the films in a folder of the host's machine. Answers at once with the queued job; <see cref="WatchJob"/>
/// tells the rest.
/// </summary>
public sealed record CurateVideos : IRequest<Job>, IIdempotentMessage, IAuditedMessage, IWorkMessage
{
    /// <summary>Folder of films, at any depth, within those that the host allows.</summary>
    [FullPath]
    public required string DataFolder { get; init; }

    /// <summary>List of the films, within the same folders; null: <c>metadata.csv</c> or <c>metadata.jsonl</c> in the folder, if any.</summary>
    [FullPath]
    public string? ListFile { get; init; }

    /// <summary>Folder to write, within the same folders, and not in <see cref="DataFolder"/>.</summary>
    [FullPath]
    public required string OutputFolder { get; init; }

    /// <summary>What may be in the output folder.</summary>
    [EnumDataType(typeof(OutputMode))]
    public OutputMode Mode { get; init; }

    /// <summary>The specification as JSON (docs/curation.md), at most 256 KiB; empty: all defaults.</summary>
    [StringLength(256 * 1024)]
    public string Spec { get; init; } = "";

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

    string? IAuditedMessage.AuditSubject => null;

    WorkEstimate IWorkMessage.Estimate => new() { AddsJob = true, WritesFiles = true };

    string IIdempotentMessage.Fingerprint() => JsonSerializer.Serialize(this, JobJson.Options);
}

internal sealed class CurateVideosHandler(JobIntake intake, IVideoCurator curator, DatasetFolders folders, IFolderOwners owners, CallerContext caller)
    : IRequestHandler<CurateVideos, Job>
{
    public async Task<Job> Handle(CurateVideos request, CancellationToken cancellationToken)
    {
        Caller asking = caller.Require();
        folders.Resolve(request.DataFolder, "data_folder", asking.OwnTenant);
        folders.Resolve(request.ListFile, "list_file", asking.OwnTenant);
        string output = folders.Resolve(request.OutputFolder, "output_folder", asking.OwnTenant)!;
        curator.Check(request.Spec);

        // As with AugmentDataset: what the host allows to all is nobody's.
        await owners.TakeAsync(output, asking, !folders.IsAllowedFolder(output, asking.OwnTenant), cancellationToken).ConfigureAwait(false);
        return await intake.AddAsync(
            JobKind.Curation, request, request.Priority, request.Timeout, [], generatedFrames: 0, cancellationToken).ConfigureAwait(false);
    }
}
