using MedGen.Application.Cluster;
using MedGen.Storage.Database;
using Microsoft.Extensions.Options;

namespace MedGen.Storage.Cluster;

/// <summary>
/// Which host of a cluster runs which job, as facts <c>claim:JOB</c> in the transactions that change the jobs. A host that is alone writes none and
/// is asked for none.
/// </summary>
internal sealed class JobClaims(IOptions<MedGenStorageOptions> options)
{
    private const string Prefix = "claim:";

    private readonly string? _host = options.Value.ClusterHost;

    /// <summary>Gives a job to this host.</summary>
    public void Begin(StoreSession session, string jobId)
    {
        if (_host is not null)
        {
            Facts.Write(session, Prefix + jobId, _host);
        }
    }

    /// <summary>Ends whatever claim there is on a job.</summary>
    public void End(StoreSession session, string jobId)
    {
        if (_host is not null)
        {
            session.Execute("DELETE FROM facts WHERE name = @name", ("@name", Prefix + jobId));
        }
    }

    /// <summary>Refuses what a host says of a job that is not, or not any more, its own.</summary>
    /// <exception cref="JobTakenOverException">It is not.</exception>
    public void Require(StoreSession session, string jobId)
    {
        if (_host is not null && Find(session, jobId) != _host)
        {
            throw new JobTakenOverException(jobId);
        }
    }

    public static string? Find(StoreSession session, string jobId) => Facts.Find<string>(session, Prefix + jobId);

    public static List<JobClaim> List(StoreSession session) => session.Query(
        "SELECT substr(name, 7), substr(document, 2, length(document) - 2) FROM facts WHERE name LIKE 'claim:%'",
        row => new JobClaim(row.GetString(0), row.GetString(1)));
}
