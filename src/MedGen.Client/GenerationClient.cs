using MedGen.Protos.V1;

namespace MedGen.Client;

/// <summary>Clips from text.</summary>
public sealed class GenerationClient
{
    private readonly Generation.GenerationClient _rpc;

    internal GenerationClient(Generation.GenerationClient rpc) => _rpc = rpc;

    /// <summary>Starts a generation and follows the job. Leaving the stream does not stop the job unless its options say so.</summary>
    /// <param name="request">What to make.</param>
    /// <param name="cancellationToken">Leaves the stream.</param>
    /// <returns>The job's events; the first carries the accepted job.</returns>
    /// <exception cref="MedGenRpcException">The request is wrong, or the job failed.</exception>
    public IAsyncEnumerable<JobEvent> GenerateAsync(GenerateVideoRequest request, CancellationToken cancellationToken = default) =>
        RpcCalls.AnswersAsync(_rpc.GenerateVideo(request, cancellationToken: cancellationToken), cancellationToken);
}
