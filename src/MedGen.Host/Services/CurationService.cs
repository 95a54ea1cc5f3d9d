using Grpc.Core;
using MedGen.Host.Mapping;
using MediatR;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Services;

internal sealed class CurationService(ISender sender, JobFollower follower) : Proto.Curation.CurationBase
{
    public override async Task CurateVideos(
        Proto.CurateVideosRequest request, IServerStreamWriter<Proto.JobEvent> responseStream, ServerCallContext context) =>
        await follower.FollowAsync(
            await sender.Send(request.ToMessage(), context.CancellationToken)
                .ConfigureAwait(false), request.Options, responseStream, context.CancellationToken).ConfigureAwait(false);
}
