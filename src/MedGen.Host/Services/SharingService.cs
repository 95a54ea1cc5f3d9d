using Grpc.Core;
using MedGen.Application.Access.Sharing;
using MediatR;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Services;

internal sealed class SharingService(ISender sender) : Proto.Sharing.SharingBase
{
    public override Task<Proto.ListSharesResponse> ShareItem(Proto.ShareItemRequest request, ServerCallContext context) =>
        SendAsync(new ShareItem { Item = request.Item, Subject = request.Subject }, context);

    public override Task<Proto.ListSharesResponse> UnshareItem(Proto.UnshareItemRequest request, ServerCallContext context) =>
        SendAsync(new UnshareItem { Item = request.Item, Subject = request.Subject }, context);

    public override Task<Proto.ListSharesResponse> ListShares(Proto.ListSharesRequest request, ServerCallContext context) =>
        SendAsync(new ListShares { Item = request.Item }, context);

    private async Task<Proto.ListSharesResponse> SendAsync(IRequest<IReadOnlyList<string>> message, ServerCallContext context) =>
        new() { Subjects = { await sender.Send(message, context.CancellationToken).ConfigureAwait(false) } };
}
