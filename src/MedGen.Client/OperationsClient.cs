using MedGen.Protos.V1;

namespace MedGen.Client;

/// <summary>The host itself, for operators and administrators.</summary>
public sealed class OperationsClient
{
    private readonly Operations.OperationsClient _rpc;

    internal OperationsClient(Operations.OperationsClient rpc) => _rpc = rpc;

    /// <summary>How full memory, disk and queue are, and what runs.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The host as it is.</returns>
    /// <exception cref="MedGenRpcException">The caller is neither operator nor administrator.</exception>
    public Task<SystemStatus> GetSystemAsync(CancellationToken cancellationToken = default) =>
        RpcCalls.AnswerAsync(_rpc.GetSystemAsync(new GetSystemRequest(), cancellationToken: cancellationToken), cancellationToken);
}
