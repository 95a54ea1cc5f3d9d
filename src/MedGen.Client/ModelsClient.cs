using MedGen.Protos.V1;

namespace MedGen.Client;

/// <summary>The resident model.</summary>
public sealed class ModelsClient
{
    private readonly Models.ModelsClient _rpc;

    internal ModelsClient(Models.ModelsClient rpc) => _rpc = rpc;

    /// <summary>What is loaded.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The model.</returns>
    /// <exception cref="MedGenRpcException">No model is loaded.</exception>
    public Task<Model> GetAsync(CancellationToken cancellationToken = default) =>
        RpcCalls.AnswerAsync(_rpc.GetModelAsync(new GetModelRequest(), cancellationToken: cancellationToken), cancellationToken);
}
