using System.Runtime.CompilerServices;
using MedGen.Protos.V1;

namespace MedGen.Client;

/// <summary>Who did what on the host; for auditors.</summary>
public sealed class AuditClient
{
    private readonly Audit.AuditClient _rpc;

    internal AuditClient(Audit.AuditClient rpc) => _rpc = rpc;

    /// <summary>Records of the audit log, oldest first, page by page as they are read.</summary>
    /// <param name="filter">Which records; its page token is where to begin.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The records.</returns>
    /// <exception cref="MedGenRpcException">The caller is no auditor, or a filter is not valid.</exception>
    public async IAsyncEnumerable<AuditRecord> ListAsync(
        ListAuditRecordsRequest filter, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ListAuditRecordsRequest request = filter.Clone();
        do
        {
            ListAuditRecordsResponse page = await RpcCalls.AnswerAsync(
                _rpc.ListAuditRecordsAsync(request, cancellationToken: cancellationToken), cancellationToken).ConfigureAwait(false);
            foreach (AuditRecord record in page.Records)
            {
                yield return record;
            }

            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
    }

    /// <summary>Reads the whole log and compares it with its chain, its signed checkpoints and its anchor.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="MedGenRpcException">The caller is no auditor.</exception>
    public Task<VerifyAuditResponse> VerifyAsync(CancellationToken cancellationToken = default) =>
        RpcCalls.AnswerAsync(_rpc.VerifyAuditAsync(new VerifyAuditRequest(), cancellationToken: cancellationToken), cancellationToken);
}
