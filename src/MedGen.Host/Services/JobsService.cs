using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Requests;
using MedGen.Application.Streaming;
using MedGen.Host.Mapping;
using MediatR;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Services;

internal sealed class JobsService(ISender sender) : Proto.Jobs.JobsBase
{
    private const int DefaultPageSize = 50;

    public override async Task<Proto.Job> GetJob(Proto.GetJobRequest request, ServerCallContext context)
    {
        Job job = await sender.Send(new GetJob { JobId = request.JobId }, context.CancellationToken).ConfigureAwait(false);
        return job.ToProto();
    }

    public override async Task<Proto.ListJobsResponse> ListJobs(Proto.ListJobsRequest request, ServerCallContext context)
    {
        ListJobs message = new()
        {
            State = request.State.ToMessage(),
            Kind = request.Kind.ToMessage(),
            Owner = request.Owner.NullIfEmpty(),
            PageSize = request.PageSize == 0 ? DefaultPageSize : request.PageSize,
            PageToken = request.PageToken.NullIfEmpty(),
        };
        JobPage page = await sender.Send(message, context.CancellationToken).ConfigureAwait(false);
        return new Proto.ListJobsResponse { Jobs = { page.Jobs.Select(job => job.ToProto()) }, NextPageToken = page.NextPageToken ?? "" };
    }

    public override async Task WatchJob(Proto.WatchJobRequest request, IServerStreamWriter<Proto.JobEvent> responseStream, ServerCallContext context)
    {
        WatchJob message = new() { JobId = request.JobId, AfterEvent = request.AfterEvent, CancelOnDisconnect = request.CancelOnDisconnect };
        StreamedAnswer<JobEvent> events = await sender.Send(message, context.CancellationToken).ConfigureAwait(false);
        await foreach (JobEvent happened in events.WithCancellation(context.CancellationToken).ConfigureAwait(false))
        {
            await responseStream.WriteAsync(happened.ToProto(), context.CancellationToken).ConfigureAwait(false);
        }
    }

    public override async Task<Proto.Job> CancelJob(Proto.CancelJobRequest request, ServerCallContext context)
    {
        Job job = await sender.Send(new CancelJob { JobId = request.JobId }, context.CancellationToken).ConfigureAwait(false);
        return job.ToProto();
    }

    public override async Task<Empty> DeleteJob(Proto.DeleteJobRequest request, ServerCallContext context)
    {
        await sender.Send(new DeleteJob { JobId = request.JobId }, context.CancellationToken).ConfigureAwait(false);
        return new Empty();
    }
}
