using System.Text.Json;
using MedGen.Application.Access;
using MedGen.Application.Artifacts;
using MedGen.Application.Dicom;
using MedGen.Application.Jobs;
using MedGen.Storage.Artifacts;
using MedGen.Storage.Database;

namespace MedGen.Storage.Dicom;

/// <summary>Instances, studies and deliveries as rows of the database. Instances and deliveries go with their artifacts.</summary>
internal sealed class DicomStore(StoreDatabase database) : IDicomStore
{
    private const string OfStudy = "tenant = @tenant AND owner = @owner AND study = @study";

    public Task AddInstanceAsync(DicomInstance instance, DicomStudy? arrival, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            // Its artifact may be gone by now; then there is nothing to note.
            int added = session.Execute(
                """
                INSERT INTO dicom_instances (artifact_id, tenant, owner, study, series, instance, document)
                SELECT @artifact, @tenant, @owner, @study, @series, @instance, @document
                WHERE EXISTS (SELECT 1 FROM artifacts WHERE id = @artifact) ON CONFLICT DO NOTHING
                """,
                ("@artifact", instance.ArtifactId),
                ("@tenant", instance.Tenant),
                ("@owner", instance.Owner),
                ("@study", instance.Identity?.Study ?? ""),
                ("@series", instance.Identity?.Series ?? ""),
                ("@instance", instance.Identity?.SopInstance ?? ""),
                ("@document", StoredJson.Of(instance)));
            if (added > 0 && arrival is not null)
            {
                Arrive(session, arrival);
            }

            return added;
        },
        cancellationToken);

    public Task<IReadOnlyList<DicomInstance>> FindInstancesAsync(DicomFilter filter, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<DicomInstance>>(database.Read(session => session.Query(
            """
            SELECT document FROM dicom_instances
            WHERE study <> '' AND (CAST(@study AS TEXT) IS NULL OR study = @study) AND (CAST(@series AS TEXT) IS NULL OR series = @series)
              AND (CAST(@instance AS TEXT) IS NULL OR instance = @instance) AND (CAST(@artifact AS TEXT) IS NULL OR artifact_id = @artifact)
              AND (CAST(@owner AS TEXT) IS NULL OR owner = @owner) AND (CAST(@tenant AS TEXT) IS NULL OR tenant = @tenant)
              AND (CAST(@viewer AS TEXT) IS NULL
                   OR ((CAST(@viewTenant AS TEXT) IS NULL OR tenant = @viewTenant) AND (CAST(@viewOwner AS TEXT) IS NULL OR owner = @viewOwner))
                   OR EXISTS (SELECT 1 FROM shares
                              WHERE item = 'artifact:' || artifact_id AND subject IN ('caller:' || @viewer, 'tenant:' || @ofTenant)))
            ORDER BY artifact_id
            """,
            row => Parse<DicomInstance>(row.GetString(0)),
            ("@study", filter.Study),
            ("@series", filter.Series),
            ("@instance", filter.Instance),
            ("@artifact", filter.ArtifactId),
            ("@owner", filter.Owner),
            ("@tenant", filter.Tenant),
            ("@viewer", filter.View?.Caller.Name),
            ("@viewTenant", filter.View?.Tenant),
            ("@viewOwner", filter.View?.Owner),
            ("@ofTenant", filter.View?.Caller.Tenant))));
    }

    public Task<IReadOnlyList<Artifact>> FindUnnotedAsync(int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<Artifact>>(database.Read(session => session.Query(
            """
            SELECT document FROM artifacts
            WHERE json_extract(document, '$.mediaType') = 'application/dicom'
              AND NOT EXISTS (SELECT 1 FROM dicom_instances WHERE artifact_id = artifacts.id)
            ORDER BY id LIMIT @limit
            """,
            ArtifactRows.Map,
            ("@limit", (long)limit))));
    }

    public Task<DicomStudy?> FindDueStudyAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(session => session.Query(
            "SELECT document FROM dicom_studies WHERE due_at <= @now ORDER BY due_at LIMIT 1",
            row => Parse<DicomStudy>(row.GetString(0)),
            ("@now", ArtifactRows.Text(now))).SingleOrDefault()));
    }

    public Task<bool> SaveStudyAsync(DicomStudy study, IReadOnlyList<DicomDelivery> deliveries, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                if (Find(session, study) is not { } stored || stored.Revision != study.Revision)
                {
                    return false;
                }

                Save(session, study with { Revision = study.Revision + 1 });
                deliveries.ToList().ForEach(delivery => Add(session, delivery));
                return true;
            },
            cancellationToken);

    public Task<IReadOnlyList<DicomStudy>> ListStudiesAsync(ItemView view, string? study, int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<DicomStudy>>(database.Read(session => session.Query(
            """
            SELECT document FROM dicom_studies
            WHERE (CAST(@tenant AS TEXT) IS NULL OR tenant = @tenant) AND (CAST(@owner AS TEXT) IS NULL OR owner = @owner)
              AND (CAST(@study AS TEXT) IS NULL OR study = @study)
            ORDER BY received_at DESC, study LIMIT @limit
            """,
            row => Parse<DicomStudy>(row.GetString(0)),
            ("@tenant", view.Tenant),
            ("@owner", view.Owner),
            ("@study", study),
            ("@limit", (long)limit))));
    }

    public Task AddDeliveriesAsync(IReadOnlyList<DicomDelivery> deliveries, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            deliveries.ToList().ForEach(delivery => Add(session, delivery));
            return true;
        },
        cancellationToken);

    public Task<DicomDelivery?> FindDueDeliveryAsync(DateTimeOffset now, IReadOnlyCollection<string> except, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(session => session.Query(
            "SELECT document FROM dicom_deliveries WHERE due_at <= @now ORDER BY due_at, id LIMIT 1000",
            row => Parse<DicomDelivery>(row.GetString(0)),
            ("@now", ArtifactRows.Text(now))).FirstOrDefault(delivery => !except.Contains(delivery.Archive))));
    }

    public Task SaveDeliveryAsync(DicomDelivery delivery, DateTimeOffset now, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            session.Execute(
                "UPDATE dicom_deliveries SET state = @state, due_at = @due, document = @document WHERE id = @id",
                ("@id", delivery.Id),
                ("@state", delivery.State.ToString()),
                ("@due", delivery.DueAt is { } due ? ArtifactRows.Text(due) : null),
                ("@document", StoredJson.Of(delivery)));
            if (delivery.DueAt is null && Find(session, delivery.Tenant, delivery.Owner, delivery.Study) is { State: DicomStudyState.Sending } study)
            {
                Save(session, study with { DueAt = now, Revision = study.Revision + 1 });
            }

            return true;
        },
        cancellationToken);

    public Task<IReadOnlyList<DicomDelivery>> ListDeliveriesAsync(string owner, string tenant, string study, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<DicomDelivery>>(database.Read(session => session.Query(
            $"SELECT document FROM dicom_deliveries WHERE {OfStudy} ORDER BY id",
            row => Parse<DicomDelivery>(row.GetString(0)),
            ("@tenant", tenant),
            ("@owner", owner),
            ("@study", study))));
    }

    private static void Arrive(StoreSession session, DicomStudy arrival)
    {
        DicomStudy study = Find(session, arrival) is { } known
            ? known with
            {
                Roles = arrival.Roles, State = DicomStudyState.Receiving, LastReceivedAt = arrival.LastReceivedAt, DueAt = arrival.DueAt,
                Revision = known.Revision + 1,
            }
            : arrival;
        session.Execute(
            "INSERT INTO dicom_studies (tenant, owner, study, received_at, document) VALUES (@tenant, @owner, @study, '', '') ON CONFLICT DO NOTHING",
            ("@tenant", study.Tenant),
            ("@owner", study.Owner),
            ("@study", study.Study));
        Save(session, study);
    }

    private static void Save(StoreSession session, DicomStudy study) => session.Execute(
        $"UPDATE dicom_studies SET received_at = @received, due_at = @due, document = @document WHERE {OfStudy}",
        ("@tenant", study.Tenant),
        ("@owner", study.Owner),
        ("@study", study.Study),
        ("@received", ArtifactRows.Text(study.LastReceivedAt)),
        ("@due", study.DueAt is { } due ? ArtifactRows.Text(due) : null),
        ("@document", StoredJson.Of(study)));

    private static DicomStudy? Find(StoreSession session, DicomStudy study) => Find(session, study.Tenant, study.Owner, study.Study);

    private static DicomStudy? Find(StoreSession session, string tenant, string owner, string study) => session.Query(
        $"SELECT document FROM dicom_studies WHERE {OfStudy}",
        row => Parse<DicomStudy>(row.GetString(0)),
        ("@tenant", tenant),
        ("@owner", owner),
        ("@study", study)).SingleOrDefault();

    // One that was refused may be asked for again; one that waits or was sent stays.
    private static void Add(StoreSession session, DicomDelivery delivery) => session.Execute(
        """
        INSERT INTO dicom_deliveries (id, tenant, owner, study, archive, artifact_id, state, due_at, document)
        SELECT @id, @tenant, @owner, @study, @archive, @artifact, @state, @due, @document
        WHERE EXISTS (SELECT 1 FROM artifacts WHERE id = @artifact)
        ON CONFLICT (archive, artifact_id) DO UPDATE SET id = excluded.id, state = excluded.state, due_at = excluded.due_at,
            document = excluded.document
        WHERE dicom_deliveries.state = 'Refused'
        """,
        ("@id", delivery.Id),
        ("@tenant", delivery.Tenant),
        ("@owner", delivery.Owner),
        ("@study", delivery.Study),
        ("@archive", delivery.Archive),
        ("@artifact", delivery.ArtifactId),
        ("@state", delivery.State.ToString()),
        ("@due", delivery.DueAt is { } due ? ArtifactRows.Text(due) : null),
        ("@document", StoredJson.Of(delivery)));

    private static T Parse<T>(string document) => JsonSerializer.Deserialize<T>(document, JobJson.Options)!;
}
