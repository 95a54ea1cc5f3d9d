using MedGen.Protos.V1;

namespace MedGen.Client;

/// <summary>
/// Who else may see what the caller owns. Items are <c>job:ID</c> or <c>artifact:ID</c>; subjects <c>caller:NAME</c> or <c>tenant:NAME</c>.
/// </summary>
public sealed class SharingClient
{
    private readonly Sharing.SharingClient _rpc;

    internal SharingClient(Sharing.SharingClient rpc) => _rpc = rpc;

    /// <summary>Shares an artifact, or a job with its events and what it has made so far.</summary>
    /// <param name="item">The item.</param>
    /// <param name="subject">With whom.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>With whom it is shared then.</returns>
    /// <exception cref="MedGenRpcException">There is no such item, or it is somebody else's.</exception>
    public Task<IReadOnlyList<string>> ShareAsync(string item, string subject, CancellationToken cancellationToken = default) => SubjectsAsync(
        _rpc.ShareItemAsync(new ShareItemRequest { Item = item, Subject = subject }, cancellationToken: cancellationToken), cancellationToken);

    /// <summary>Takes a share back.</summary>
    /// <param name="item">The item.</param>
    /// <param name="subject">With whom it is shared.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>With whom it is still shared.</returns>
    /// <exception cref="MedGenRpcException">There is no such item, or it is somebody else's.</exception>
    public Task<IReadOnlyList<string>> UnshareAsync(string item, string subject, CancellationToken cancellationToken = default) => SubjectsAsync(
        _rpc.UnshareItemAsync(new UnshareItemRequest { Item = item, Subject = subject }, cancellationToken: cancellationToken), cancellationToken);

    /// <summary>With whom an item is shared.</summary>
    /// <param name="item">The item.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The subjects, sorted.</returns>
    /// <exception cref="MedGenRpcException">There is no such item, or it is somebody else's.</exception>
    public Task<IReadOnlyList<string>> ListAsync(string item, CancellationToken cancellationToken = default) => SubjectsAsync(
        _rpc.ListSharesAsync(new ListSharesRequest { Item = item }, cancellationToken: cancellationToken), cancellationToken);

    private static async Task<IReadOnlyList<string>> SubjectsAsync(
        Grpc.Core.AsyncUnaryCall<ListSharesResponse> call, CancellationToken cancellationToken) =>
        (await RpcCalls.AnswerAsync(call, cancellationToken).ConfigureAwait(false)).Subjects;
}
