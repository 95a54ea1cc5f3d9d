using System.ComponentModel.DataAnnotations;
using MedGen.Application.Access;
using MedGen.Application.Admission;
using MedGen.Application.Artifacts;
using MedGen.Application.Auditing;
using MedGen.Application.Dicom.Rules;
using MedGen.Application.Validation;
using MedGen.Dicom.DataSets;
using MedGen.Dicom.Web;
using MedGen.Sdk.Errors;
using MediatR;

namespace MedGen.Application.Dicom;

/// <summary>Searches an archive (QIDO-RS).</summary>
public sealed record QueryArchive : IRequest<IReadOnlyList<DicomDataSet>>, IAuditedMessage, ICheckedMessage
{
    /// <summary>Name of the archive.</summary>
    [Identifier]
    public required string Archive { get; init; }

    /// <summary>What for.</summary>
    public required DicomQuery Query { get; init; }

    string? IAuditedMessage.AuditSubject => $"archive:{Archive}";

    void ICheckedMessage.Check(Violations violations) => Query.Check(violations.In("query"));
}

/// <summary>Fetches instances from an archive (WADO-RS) as uploads of the caller.</summary>
public sealed record RetrieveFromArchive : IRequest<RetrievedFromArchive>, IAuditedMessage, IWorkMessage, ICheckedMessage
{
    /// <summary>Name of the archive.</summary>
    [Identifier]
    public required string Archive { get; init; }

    /// <summary>Study Instance UID.</summary>
    public required string Study { get; init; }

    /// <summary>Series Instance UID; null: all of the study.</summary>
    public string? Series { get; init; }

    /// <summary>SOP Instance UID, with <see cref="Series"/>; null: all.</summary>
    public string? Instance { get; init; }

    string? IAuditedMessage.AuditSubject => $"archive:{Archive}";

    WorkEstimate IWorkMessage.Estimate => new() { WritesFiles = true, HoldsStream = true };

    void ICheckedMessage.Check(Violations violations)
    {
        foreach ((string field, string? uid) in new[] { ("study", Study), ("series", Series), ("instance", Instance) })
        {
            violations.Require(uid is null || DicomUid.IsValid(uid), field, $"got another text", $"a UID of at most 64 digits and dots");
        }

        violations.Require(Instance is null || Series is not null, "series", $"is missing", $"the series of the instance");
    }
}

/// <summary>What was fetched.</summary>
/// <param name="Artifacts">The instances, those that were here already included.</param>
/// <param name="Refused">Instances whose UID the caller has stored with another content.</param>
public sealed record RetrievedFromArchive(IReadOnlyList<Artifact> Artifacts, int Refused);

/// <summary>Puts stored instances into the outbox to an archive.</summary>
public sealed record SendToArchive : IRequest<IReadOnlyList<DicomDelivery>>, IAuditedMessage
{
    /// <summary>Name of the archive.</summary>
    [Identifier]
    public required string Archive { get; init; }

    /// <summary>Ids of artifacts that are DICOM instances.</summary>
    [Length(1, 1000)]
    public required IReadOnlyList<string> ArtifactIds { get; init; }

    string? IAuditedMessage.AuditSubject =>
        string.Join(' ', ArtifactIds.Take(20).Where(new IdentifierAttribute().IsValid).Select(id => $"artifact:{id}").Append($"archive:{Archive}"));
}

/// <summary>Archives of the rules file, for handlers.</summary>
internal sealed class Archives(IDicomRules rules, CallerContext context)
{
    /// <exception cref="ResourceNotFoundException">There is none of that name for the caller.</exception>
    public DicomWebServer Require(string name)
    {
        DicomRules? current = rules.Current;
        return current?.Find(name, context.Require().OwnTenant)?.ToServer(current.Folder) ?? throw new ResourceNotFoundException("archive", name);
    }
}

internal sealed class QueryArchiveHandler(Archives archives) : IRequestHandler<QueryArchive, IReadOnlyList<DicomDataSet>>
{
    public async Task<IReadOnlyList<DicomDataSet>> Handle(QueryArchive request, CancellationToken cancellationToken)
    {
        using DicomWebClient client = new(archives.Require(request.Archive));
        return await client.QueryAsync(request.Query, cancellationToken).ConfigureAwait(false);
    }
}

internal sealed class RetrieveFromArchiveHandler(Archives archives, DicomReceipt receipt, IArtifactStore artifacts, IDicomStore store,
    CallerContext context)
    : IRequestHandler<RetrieveFromArchive, RetrievedFromArchive>
{
    public async Task<RetrievedFromArchive> Handle(RetrieveFromArchive request, CancellationToken cancellationToken)
    {
        Caller caller = context.Require();
        using DicomWebClient client = new(archives.Require(request.Archive));
        string folder = artifacts.NewWorkFile("");
        Directory.CreateDirectory(folder);
        try
        {
            (List<Artifact> taken, int refused) = ([], 0);
            await foreach (string path in client.RetrieveAsync(request.Study, request.Series, request.Instance, folder, cancellationToken)
                .ConfigureAwait(false))
            {
                (_, string instance, int failure) = await receipt.ReceiveAsync(path, request.Study, cancellationToken).ConfigureAwait(false);
                File.Delete(path);
                if (failure == StoreAnswer.OutOfResources)
                {
                    throw new ResourceExhaustedException("STORAGE_QUOTA", "There is no room for more instances; those before this one are stored.");
                }

                DicomFilter own = new() { Owner = caller.Name, Tenant = caller.OwnTenant, Study = request.Study, Instance = instance };
                DicomInstance? noted = failure != 0 ? null
                    : await store.FindInstanceAsync(own, cancellationToken).ConfigureAwait(false);
                refused += failure == 0 ? 0 : 1;
                if (noted is not null && await artifacts.FindAsync(noted.ArtifactId, cancellationToken).ConfigureAwait(false) is { } artifact)
                {
                    taken.Add(artifact);
                }
            }

            return new RetrievedFromArchive(taken, refused);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

internal sealed class SendToArchiveHandler(Archives archives, IDicomStore store, IArtifactStore artifacts, ItemVisibility visibility,
    TimeProvider time)
    : IRequestHandler<SendToArchive, IReadOnlyList<DicomDelivery>>
{
    public async Task<IReadOnlyList<DicomDelivery>> Handle(SendToArchive request, CancellationToken cancellationToken)
    {
        archives.Require(request.Archive);
        DateTimeOffset now = time.GetUtcNow();
        List<DicomDelivery> deliveries = [];
        foreach (string id in request.ArtifactIds)
        {
            Artifact artifact = await visibility.RequireAsync(
                await artifacts.FindAsync(id, cancellationToken).ConfigureAwait(false), "artifact", id, cancellationToken).ConfigureAwait(false);
            DicomInstance instance =
                await store.FindInstanceAsync(new DicomFilter { ArtifactId = id }, cancellationToken).ConfigureAwait(false)
                ?? throw new FailedPreconditionException(
                    "NOT_DICOM", $"The artifact '{id}' is no DICOM instance of the media type application/dicom; only those are sent to archives.");
            deliveries.Add(new DicomDelivery
            {
                Id = Guid.CreateVersion7(now).ToString("N"), Owner = artifact.Owner, Tenant = artifact.Tenant, Archive = request.Archive,
                ArtifactId = id, Study = instance.Identity!.Study, Instance = instance.Identity.SopInstance, CreatedAt = now, DueAt = now,
            });
        }

        await store.AddDeliveriesAsync(deliveries, cancellationToken).ConfigureAwait(false);
        Dictionary<string, DicomDelivery> stored = [];
        foreach (DicomDelivery one in deliveries.DistinctBy(one => (one.Owner, one.Tenant, one.Study)))
        {
            foreach (DicomDelivery known in await store.ListDeliveriesAsync(one.Owner, one.Tenant, one.Study,
                cancellationToken).ConfigureAwait(false))
            {
                stored[known.ArtifactId] = known.Archive == request.Archive ? known : stored.GetValueOrDefault(known.ArtifactId, known);
            }
        }

        return [.. request.ArtifactIds.Select(id => stored[id])];
    }
}
