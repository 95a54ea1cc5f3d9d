using System.ComponentModel.DataAnnotations;
using MedGen.Application.Access;
using MedGen.Application.Artifacts;
using MedGen.Application.Auditing;
using MedGen.Application.Validation;
using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Files;
using MedGen.Datasets.Running;
using MedGen.Sdk.Errors;
using MediatR;

namespace MedGen.Application.Augmentation;

/// <summary>
/// Says what <see cref="AugmentDataset"/> would refuse, and what the data set holds, before there is a job: the same specification, read and checked
/// by the same code. Clips are counted, not opened.
/// </summary>
[Operation("AugmentDataset")]
public sealed record CheckAugmentation : IRequest<DatasetOutline?>, IAuditedMessage, ICheckedMessage
{
    /// <summary>
    /// As in <see cref="AugmentDataset.DatasetArtifactId"/>; null with <see cref="DataFolder"/> null: only the specification is checked.
    /// </summary>
    [Identifier]
    public string? DatasetArtifactId { get; init; }

    /// <summary>As in <see cref="AugmentDataset.DataFolder"/>.</summary>
    [FullPath]
    public string? DataFolder { get; init; }

    /// <summary>As in <see cref="AugmentDataset.Spec"/>.</summary>
    [StringLength(256 * 1024)]
    public string Spec { get; init; } = "";

    /// <summary>As in <see cref="AugmentDataset.PluginId"/>.</summary>
    [Identifier]
    public string? PluginId { get; init; }

    // So that the log tells it from a job that was asked for.
    string? IAuditedMessage.AuditSubject => DatasetArtifactId is null ? "check" : $"check artifact:{DatasetArtifactId}";

    void ICheckedMessage.Check(Violations violations) => violations.Require(
        DatasetArtifactId is null || DataFolder is null, "dataset_artifact_id", $"got both", $"an artifact or a data folder");
}

internal sealed class CheckAugmentationHandler(
    AugmentationCheck check, DatasetFolders folders, IArtifactStore artifacts, ItemVisibility visibility, CallerContext caller)
    : IRequestHandler<CheckAugmentation, DatasetOutline?>
{
    public async Task<DatasetOutline?> Handle(CheckAugmentation request, CancellationToken cancellationToken)
    {
        string tenant = caller.Require().OwnTenant;
        string? data = folders.Resolve(request.DataFolder, "data_folder", tenant);
        AugmentationSpec spec = await check.RequireAsync(request.Spec, request.PluginId, tenant, cancellationToken).ConfigureAwait(false);
        Artifact? archive = request.DatasetArtifactId is { } id
            ? await visibility.RequireAsync(
                await artifacts.FindAsync(id, cancellationToken).ConfigureAwait(false), "artifact", id, cancellationToken).ConfigureAwait(false)
            : null;
        if (archive is not null)
        {
            data = await artifacts.GetPathForPartsAsync(archive, cancellationToken).ConfigureAwait(false);
        }

        return data is null ? null : await ReadAsync(data, archive, spec, tenant, cancellationToken).ConfigureAwait(false);
    }

    private async Task<DatasetOutline> ReadAsync(
        string data, Artifact? archive, AugmentationSpec spec, string tenant, CancellationToken cancellationToken)
    {
        string work = Directory.CreateTempSubdirectory("medgen-check-").FullName;
        try
        {
            PathScope scope = archive is null ? folders.ScopeOf(tenant) : PathScope.Anywhere;
            return await DatasetOutline.ReadAsync(data, spec, work, scope, archive?.FileName, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }
}
