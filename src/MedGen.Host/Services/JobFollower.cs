using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Requests;
using MedGen.Application.Streaming;
using MedGen.Host.Errors;
using MedGen.Host.Mapping;
using MediatR;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Services;

/// <summary>Follows a job on behalf of the call that started it.</summary>
internal sealed class JobFollower(ISender sender)
{
    /// <summary>Answers the accepted job, then each of its events until it has succeeded.</summary>
    /// <param name="job">The accepted job.</param>
    /// <param name="options">What the caller said of the job; null: nothing.</param>
    /// <param name="events">The call's answers.</param>
    /// <param name="cancellationToken">The call's.</param>
    /// <exception cref="JobEndedException">The job failed or was cancelled.</exception>
    public async Task FollowAsync(Job job, Proto.JobOptions? options, IServerStreamWriter<Proto.JobEvent> events, CancellationToken cancellationToken)
    {
        bool cancelOnDisconnect = options?.CancelOnDisconnect ?? false;
        try
        {
            Proto.JobEvent accepted = new() { Time = Timestamp.FromDateTimeOffset(job.CreatedAt), Accepted = job.ToProto() };
            await events.WriteAsync(accepted, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (cancelOnDisconnect)
        {
            // The caller left before anybody watched on its behalf.
            await sender.Send(new CancelJob { JobId = job.Id }, CancellationToken.None).ConfigureAwait(false);
            throw;
        }

        WatchJob watch = new() { JobId = job.Id, CancelOnDisconnect = cancelOnDisconnect };
        StreamedAnswer<JobEvent> log = await sender.Send(watch, cancellationToken).ConfigureAwait(false);
        await foreach (JobEvent one in log.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            await events.WriteAsync(one.ToProto(), cancellationToken).ConfigureAwait(false);
            switch (one.Payload)
            {
                case JobStateChanged { State: JobState.Failed, Error: JobError error }:
                    throw JobEndedException.Failed(job.Id, error);
                case JobStateChanged { State: JobState.Cancelled }:
                    throw JobEndedException.Cancelled(job.Id);
            }
        }
    }
}
