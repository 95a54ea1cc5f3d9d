using System.Runtime.CompilerServices;
using Grpc.Core;
using MedGen.Protos.V1;

namespace MedGen.Client;

/// <summary>Long requests: look at them, follow them, stop them.</summary>
public sealed class JobsClient
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly Jobs.JobsClient _rpc;
    private readonly MedGenClientOptions _options;

    internal JobsClient(Jobs.JobsClient rpc, MedGenClientOptions options)
    {
        _rpc = rpc;
        _options = options;
    }

    /// <summary>One job.</summary>
    /// <param name="jobId">Its id.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The job as it is now.</returns>
    /// <exception cref="MedGenRpcException">There is no such job.</exception>
    public Task<Job> GetAsync(string jobId, CancellationToken cancellationToken = default) =>
        RpcCalls.AnswerAsync(_rpc.GetJobAsync(new GetJobRequest { JobId = jobId }, cancellationToken: cancellationToken), cancellationToken);

    /// <summary>All jobs, newest first, page by page as they are read.</summary>
    /// <param name="state">Only jobs in this state; unspecified: all.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The jobs.</returns>
    public async IAsyncEnumerable<Job> ListAsync(
        JobState state = JobState.Unspecified, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ListJobsRequest request = new() { State = state };
        do
        {
            ListJobsResponse page = await RpcCalls.AnswerAsync(_rpc.ListJobsAsync(request, cancellationToken: cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            foreach (Job job in page.Jobs)
            {
                yield return job;
            }

            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
    }

    /// <summary>
    /// The events of a job until it has ended. A lost connection is taken up again at the last event seen, so each event comes exactly once.
    /// </summary>
    /// <param name="jobId">Its id.</param>
    /// <param name="afterEvent">Only events with a higher number; 0: all.</param>
    /// <param name="cancellationToken">Stops watching; the job goes on.</param>
    /// <returns>The events in order.</returns>
    /// <exception cref="MedGenRpcException">There is no such job, or the host stayed away longer than
    /// <see cref="MedGenClientOptions.ReconnectLimit"/>.</exception>
    public async IAsyncEnumerable<JobEvent> WatchAsync(
        string jobId, long afterEvent = 0, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        WatchJobRequest request = new() { JobId = jobId, AfterEvent = afterEvent };
        TimeSpan wait = FirstWait;
        long lostAt = _options.TimeProvider.GetTimestamp();
        while (true)
        {
            using AsyncServerStreamingCall<JobEvent> call = _rpc.WatchJob(request, cancellationToken: cancellationToken);
            while (await TryMoveNextAsync(call.ResponseStream, lostAt, cancellationToken).ConfigureAwait(false) is { } more)
            {
                if (!more)
                {
                    yield break;
                }

                JobEvent next = call.ResponseStream.Current;
                request.AfterEvent = next.Number;
                lostAt = _options.TimeProvider.GetTimestamp();
                wait = FirstWait;
                yield return next;
            }

            await Task.Delay(wait, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
            wait = TimeSpan.FromTicks(Math.Min(2 * wait.Ticks, LongestWait.Ticks));
        }
    }

    /// <summary>Asks a job to stop: at once when queued, else at its next step.</summary>
    /// <param name="jobId">Its id.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The job as it then is.</returns>
    /// <exception cref="MedGenRpcException">There is no such job, or it has ended.</exception>
    public Task<Job> CancelAsync(string jobId, CancellationToken cancellationToken = default) =>
        RpcCalls.AnswerAsync(_rpc.CancelJobAsync(new CancelJobRequest { JobId = jobId }, cancellationToken: cancellationToken), cancellationToken);

    /// <summary>Removes a job that has ended, with its events and what was asked for, prompts included. Its artifacts stay.</summary>
    /// <param name="jobId">Its id.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Completes when it is gone.</returns>
    /// <exception cref="MedGenRpcException">There is no such job, it has not ended, or it is somebody else's.</exception>
    public Task DeleteAsync(string jobId, CancellationToken cancellationToken = default) =>
        RpcCalls.AnswerAsync(_rpc.DeleteJobAsync(new DeleteJobRequest { JobId = jobId }, cancellationToken: cancellationToken), cancellationToken);

    /// <summary>True: an event; false: the stream has ended; null: the connection is lost and may come back.</summary>
    private async Task<bool?> TryMoveNextAsync(IAsyncStreamReader<JobEvent> stream, long lostAt, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.MoveNext(cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException exception)
        {
            bool isBrief = _options.TimeProvider.GetElapsedTime(lostAt) < _options.ReconnectLimit;
            return exception.StatusCode == StatusCode.Unavailable && isBrief ? null : throw RpcCalls.Translate(exception, cancellationToken);
        }
    }
}
