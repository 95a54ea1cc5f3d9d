using Grpc.Core;
using MedGen.Application.Jobs;
using MedGen.Host.Errors;
using MediatR;

namespace MedGen.Host.Services;

/// <summary>Follows a job on behalf of the call that made it.</summary>
internal sealed class JobFollower(ISender sender)
{
    /// <summary>Tells the call of the accepted job and of each event until the job has succeeded.</summary>
    /// <param name="job">The accepted job.</param>
    /// <param name="cancelOnDisconnect">Whether the job ends with the call.</param>
    /// <param name="responses">Where the call is told.</param>
    /// <param name="accepted">Says that the job is accepted.</param>
    /// <param name="toResponse">Says what has happened; null: nothing that this call is told of.</param>
    /// <param name="cancellationToken">The call's.</param>
    /// <exception cref="JobEndedException">The job failed or was cancelled.</exception>
    public async Task FollowAsync<TResponse>(
        Job job, bool cancelOnDisconnect, IServerStreamWriter<TResponse> responses, TResponse accepted, Func<JobEvent, TResponse?> toResponse, CancellationToken cancellationToken)
        where TResponse : class
    {
        try
        {
            await responses.WriteAsync(accepted, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (cancelOnDisconnect)
        {
            // The caller left before anybody watched on its behalf.
            await sender.Send(new CancelJob { JobId = job.Id }, CancellationToken.None).ConfigureAwait(false);
            throw;
        }

        WatchJob watch = new() { JobId = job.Id, CancelOnDisconnect = cancelOnDisconnect };
        await foreach (JobEvent one in sender.CreateStream(watch, cancellationToken).ConfigureAwait(false))
        {
            if (toResponse(one) is { } response)
            {
                await responses.WriteAsync(response, cancellationToken).ConfigureAwait(false);
            }

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
