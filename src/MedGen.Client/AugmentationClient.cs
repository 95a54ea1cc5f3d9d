using MedGen.Protos.V1;

namespace MedGen.Client;

/// <summary>Larger data sets.</summary>
public sealed class AugmentationClient
{
    private readonly Augmentation.AugmentationClient _rpc;

    internal AugmentationClient(Augmentation.AugmentationClient rpc) => _rpc = rpc;

    /// <summary>Starts an augmentation and follows the job. Leaving the stream does not stop the job unless its options say so.</summary>
    /// <param name="request">What to enlarge, and how.</param>
    /// <param name="cancellationToken">Leaves the stream.</param>
    /// <returns>The job's events; the first carries the accepted job.</returns>
    /// <exception cref="MedGenRpcException">The request is wrong, or the job failed.</exception>
    public IAsyncEnumerable<JobEvent> AugmentAsync(AugmentDatasetRequest request, CancellationToken cancellationToken = default) =>
        RpcCalls.AnswersAsync(_rpc.AugmentDataset(request, cancellationToken: cancellationToken), cancellationToken);
}
