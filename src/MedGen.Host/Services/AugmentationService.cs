using Grpc.Core;
using MedGen.Host.Mapping;
using MediatR;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Services;

internal sealed class AugmentationService(ISender sender, JobFollower follower) : Proto.Augmentation.AugmentationBase
{
    public override async Task AugmentDataset(
        Proto.AugmentDatasetRequest request, IServerStreamWriter<Proto.JobEvent> responseStream, ServerCallContext context) =>
        await follower.FollowAsync(
            await sender.Send(request.ToMessage(), context.CancellationToken)
                .ConfigureAwait(false), request.Options, responseStream, context.CancellationToken).ConfigureAwait(false);
}
