using MedGen.Protos.V1;

namespace MedGen.Client;

/// <summary>Data sets out of films.</summary>
public sealed class CurationClient
{
    private readonly Curation.CurationClient _rpc;

    internal CurationClient(Curation.CurationClient rpc) => _rpc = rpc;

    /// <summary>Starts a curation and follows the job. Leaving the stream does not stop the job unless its options say so.</summary>
    /// <param name="request">What to curate, and how.</param>
    /// <param name="cancellationToken">Leaves the stream.</param>
    /// <returns>The job's events; the first carries the accepted job.</returns>
    /// <exception cref="MedGenRpcException">The request is wrong, or the job failed.</exception>
    public IAsyncEnumerable<JobEvent> CurateAsync(CurateVideosRequest request, CancellationToken cancellationToken = default) =>
        RpcCalls.AnswersAsync(_rpc.CurateVideos(request, cancellationToken: cancellationToken), cancellationToken);
}
