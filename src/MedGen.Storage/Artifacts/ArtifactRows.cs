using System.Data.Common;
using System.Text.Json;
using System.Text.RegularExpressions;
using MedGen.Application.Artifacts;
using MedGen.Application.Jobs;
using MedGen.Sdk.Errors;
using MedGen.Storage.Database;

namespace MedGen.Storage.Artifacts;

/// <summary>Artifacts as rows of the database.</summary>
internal static partial class ArtifactRows
{
    public static Artifact? Find(StoreSession session, string artifactId) =>
        session.Query("SELECT document FROM artifacts WHERE id = @id", Map, ("@id", artifactId)).SingleOrDefault();

    /// <summary>Writes a record, with what it was made of.</summary>
    /// <returns>The record, with the patient of its sources where none was stated and they are one patient's.</returns>
    public static Artifact Insert(StoreSession session, Artifact artifact)
    {
        List<string> patients = session.Query(
            """
            SELECT DISTINCT coalesce(patient, '') FROM job_inputs JOIN artifacts ON artifacts.id = job_inputs.artifact_id
            WHERE job_inputs.job_id = @job LIMIT 2
            """,
            row => row.GetString(0),
            ("@job", artifact.JobId));
        if (artifact.Patient is null && patients is [{ Length: > 0 } patient])
        {
            artifact = artifact with { Patient = patient };
        }

        session.Execute(
            "INSERT INTO artifacts (id, sha256, document) VALUES (@id, @hash, @document)",
            ("@id", artifact.Id),
            ("@hash", artifact.Sha256),
            ("@document", Format(artifact)));
        session.Execute(
            "INSERT INTO artifact_sources (source_id, artifact_id) SELECT artifact_id, @id FROM job_inputs WHERE job_id = @job",
            ("@id", artifact.Id),
            ("@job", artifact.JobId));
        return artifact;
    }

    /// <exception cref="InvalidInputException">The page token was not made here.</exception>
    public static ArtifactPage List(StoreSession session, ArtifactQuery query)
    {
        if (query.PageToken is { } token && !Id().IsMatch(token))
        {
            throw new InvalidInputException("page_token", "Was not given by this service; use the token of the page before.");
        }

        // One more than the page holds tells whether there is another page.
        List<Artifact> rows = session.Query(
            """
            SELECT document FROM artifacts
            WHERE (CAST(@before_id AS TEXT) IS NULL OR id < @before_id) AND (CAST(@owner AS TEXT) IS NULL OR owner = @owner)
              AND (CAST(@tenant AS TEXT) IS NULL OR tenant = @tenant) AND (CAST(@patient AS TEXT) IS NULL OR patient = @patient)
                AND (CAST(@job AS TEXT) IS NULL OR job_id = @job) AND (CAST(@kind AS TEXT) IS NULL OR kind = @kind)
                AND (CAST(@synthetic AS BOOLEAN) IS NULL OR (kind <> 'Upload') = @synthetic)
                AND (CAST(@from AS TEXT) IS NULL OR created_at >= @from) AND (CAST(@before AS TEXT) IS NULL OR created_at < @before)
            ORDER BY id DESC LIMIT @limit
            """,
            Map,
            ("@before_id", query.PageToken),
            ("@owner", query.Owner),
            ("@tenant", query.Tenant),
            ("@patient", query.Patient),
            ("@job", query.JobId),
            ("@kind", query.Kind?.ToString()),
            ("@synthetic", query.Synthetic),
            ("@from", query.CreatedFrom is { } from ? Text(from) : null),
            ("@before", query.CreatedBefore is { } before ? Text(before) : null),
            ("@limit", query.PageSize + 1L));
        return new ArtifactPage
        {
            Artifacts = [.. rows.Take(query.PageSize)],
            NextPageToken = rows.Count > query.PageSize ? rows[query.PageSize - 1].Id : null,
        };
    }

    public static Artifact Map(DbDataReader row) => JsonSerializer.Deserialize<Artifact>(row.GetString(0), JobJson.Options)!;

    public static string Format(Artifact artifact) => StoredJson.Of(artifact);

    /// <summary>A time as it stands in a document: in UTC, so that the order of texts is the order in time.</summary>
    public static string Text(DateTimeOffset time) => JsonSerializer.Serialize(time.ToUniversalTime(), JobJson.Options).Trim('"');

    [GeneratedRegex("^[0-9a-f]{32}$")]
    private static partial Regex Id();
}
