using System.Data.Common;
using System.Globalization;
using MedGen.Storage.Database;

namespace MedGen.Storage.Maintenance;

/// <summary>One content with the artifacts that have it.</summary>
/// <param name="Sha256">Its hash, and its name.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="ArtifactIds">The artifacts.</param>
internal sealed record StoredContent(string Sha256, long Size, IReadOnlyList<string> ArtifactIds)
{
    private const string Columns = "sha256, max(json_extract(document, '$.size')), group_concat(id)";

    /// <summary>Where it lies below the data folder.</summary>
    public string RelativePath => Path.Combine("artifacts", Sha256[..2], Sha256[2..4], Sha256);

    /// <summary>All contents that the database has records of, by hash.</summary>
    public static IReadOnlyList<StoredContent> ReadAll(StoreSession session) => Read(session, "", long.MaxValue);

    /// <summary>Contents by hash.</summary>
    /// <param name="session">The database.</param>
    /// <param name="after">Only hashes after this one.</param>
    /// <param name="limit">The most.</param>
    public static IReadOnlyList<StoredContent> Read(StoreSession session, string after, long limit) => session.Query(
        $"SELECT {Columns} FROM artifacts WHERE sha256 > @after GROUP BY sha256 ORDER BY sha256 LIMIT @limit",
        Map,
        ("@after", after),
        ("@limit", limit));

    /// <summary>The contents of the artifacts that came last.</summary>
    public static IReadOnlyList<StoredContent> ReadNewest(StoreSession session, int limit) => session.Query(
        $"SELECT {Columns} FROM (SELECT * FROM artifacts ORDER BY id DESC LIMIT @limit) AS newest GROUP BY sha256", Map, ("@limit", limit));

    /// <summary>Whether any artifact still has the content.</summary>
    public bool IsNeeded(StoreSession session) =>
        session.Scalar<long>("SELECT count(*) FROM artifacts WHERE sha256 = @hash", ("@hash", Sha256)) > 0;

    // A text in PostgreSQL, as everything that is taken out of a document.
    private static StoredContent Map(DbDataReader row) =>
        new(row.GetString(0), Convert.ToInt64(row.GetValue(1), CultureInfo.InvariantCulture), row.GetString(2).Split(','));
}
