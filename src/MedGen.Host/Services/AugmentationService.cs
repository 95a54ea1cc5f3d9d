using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MedGen.Application.Jobs;
using MedGen.Host.Mapping;
using MediatR;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Services;

internal sealed class AugmentationService(ISender sender, JobFollower follower) : Proto.Augmentation.AugmentationBase
{
    public override async Task AugmentDataset(
        Proto.AugmentDatasetRequest request, IServerStreamWriter<Proto.AugmentDatasetResponse> responseStream, ServerCallContext context)
    {
        Job job = await sender.Send(request.ToMessage(), context.CancellationToken).ConfigureAwait(false);
        await follower.FollowAsync(
            job,
            request.Options?.CancelOnDisconnect ?? false,
            responseStream,
            new() { Time = Timestamp.FromDateTimeOffset(job.CreatedAt), Accepted = job.ToProto() },
            ToResponse,
            context.CancellationToken).ConfigureAwait(false);
    }

    private static Proto.AugmentDatasetResponse? ToResponse(JobEvent happened)
    {
        Proto.AugmentDatasetResponse response = new() { EventNumber = happened.Number, Time = Timestamp.FromDateTimeOffset(happened.Time) };
        switch (happened.Payload)
        {
            case JobStateChanged state:
                response.State = state.ToProto();
                return response;
            case JobProgressed progress:
                response.Progress = progress.ToProto();
                return response;
            case JobPreviewed preview:
                response.Preview = preview.ToProto();
                return response;
            case AugmentationAdvanced advanced:
                response.Yield = advanced.ToProto();
                return response;
            case DatasetAugmented augmented:
                response.Summary = augmented.ToProto();
                return response;
            case ArtifactProduced produced:
                response.Result = produced.Artifact.ToProto();
                return response;
            default:
                return null;
        }
    }
}
