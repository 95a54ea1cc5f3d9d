using System.Diagnostics;
using MedGen.Application.Artifacts;
using MedGen.Application.Auditing;
using MedGen.Application.Cluster;
using MedGen.Application.Plugins;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MedGen.Application.Jobs.Running;

/// <summary>
/// Runs queued jobs, a few at a time. A job ends as succeeded, failed or cancelled; when the host stops, it goes back to the queue at its
/// next step. What a crash left as running goes back to the queue at the start, a limited number of times; so does what runs when the device fails,
/// after which nothing is started any more. Jobs whose plugin was at work when the process died run alone, when nothing else waits: should it die
/// again, it is known why, and nobody else's job was in the way.
/// </summary>
internal sealed class JobRunner(
    IJobStore store,
    JobQueue queue,
    CrashRecovery recovery,
    RunningJobs running,
    IEnumerable<IJobWork> works,
    IPluginCallJournal journal,
    IAuditLog audit,
    IPeerHosts peers,
    IStoreState state,
    IHostApplicationLifetime lifetime,
    IOptions<MedGenApplicationOptions> options,
    TimeProvider time,
    RecordsClock clock,
    ILogger<JobRunner> logger) : BackgroundService
{
    private readonly Dictionary<JobKind, IJobWork> _works = works.ToDictionary(work => work.Kind);

    // Cancelled when the device has failed: no job can run here any more, and each finds its place in the queue when the host starts again.
    private readonly CancellationTokenSource _deviceFailed = new();

    private readonly Queue<ClaimedJob> _suspects = [];
    private readonly List<Task> _runs = [];
    private Task? _arrival;

    public override void Dispose()
    {
        _deviceFailed.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Jobs stop as soon as the host begins to: servers wait for their calls, and calls may wait for jobs.
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        using CancellationTokenSource claims = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, _deviceFailed.Token);
        using SemaphoreSlim slots = new(options.Value.MaxConcurrentJobs);
        try
        {
            await recovery.RunAsync(stop.Token).ConfigureAwait(false);
            while (true)
            {
                await slots.WaitAsync(claims.Token).ConfigureAwait(false);
                (ClaimedJob claimed, bool alone) = await NextAsync(claims.Token).ConfigureAwait(false);
                Task run = RunInSlotAsync(claimed, slots, stop.Token);
                _runs.RemoveAll(other => other.IsCompleted);
                _runs.Add(run);
                if (alone)
                {
                    await run.ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (claims.IsCancellationRequested)
        {
            await Task.WhenAll(_runs).ConfigureAwait(false);
            foreach (ClaimedJob waiting in _suspects)
            {
                await queue.AppendAsync(waiting.Job.Id, waiting.Job.Stopped(), CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task<(ClaimedJob Claimed, bool Alone)> NextAsync(CancellationToken stop)
    {
        while (true)
        {
            try
            {
                RequireRoom();
                MedGenApplicationOptions limits = options.Value;
                if (await queue.ClaimNextAsync(limits.MaxConcurrentJobsPerCaller, limits.MaxConcurrentJobsPerTenant, stop).ConfigureAwait(false)
                    is { } claimed)
                {
                    if (!journal.SuspectJobs.Contains(claimed.Job.Id))
                    {
                        return (claimed, false);
                    }

                    _suspects.Enqueue(claimed);
                    continue;
                }

                // One task for all waits: an arrival that nobody waits for any more would be lost.
                _arrival ??= queue.WorkArrivedAsync(stop);
                if (_suspects.Count > 0 && !_arrival.IsCompleted)
                {
                    Task idle = Task.WhenAll(_runs);
                    await Task.WhenAny(idle, _arrival).ConfigureAwait(false);
                    stop.ThrowIfCancellationRequested();
                    if (idle.IsCompleted && !_arrival.IsCompleted)
                    {
                        return (_suspects.Dequeue(), true);
                    }
                }

                await _arrival.ConfigureAwait(false);
                _arrival = null;
            }
            catch (ResourceExhaustedException exception)
            {
                // A full disk ends no host: reading and deleting still work, and the queue goes on when there is room again.
                Log.QueueHeld(logger, exception.Reason);
                await Task.Delay(options.Value.RetryAfter, time, stop).ConfigureAwait(false);
            }
        }
    }

    // A host of a cluster leaves jobs to the others while it has no room for what they make: it would take and fail one after the other.
    private void RequireRoom()
    {
        if (peers.IsCluster && state.Read().Shortage is { } shortage)
        {
            throw new ResourceExhaustedException("DISK_FULL", shortage);
        }
    }

    private async Task RunInSlotAsync(ClaimedJob claimed, SemaphoreSlim slots, CancellationToken stop)
    {
        // Leaves the dispatcher's loop at once, whatever the work does before its first await.
        await Task.Yield();
        try
        {
            await RunAsync(claimed, stop).ConfigureAwait(false);
        }
        catch (JobTakenOverException)
        {
            Log.JobTakenOver(logger, claimed.Job.Id);
        }
        catch (Exception exception)
        {
            // The store itself failed: the job stays as running there, and the next start of the host takes it up.
            Log.JobNotRecorded(logger, claimed.Job.Id, exception.GetType().Name, exception.StackTrace);
        }
        finally
        {
            running.LetGo(claimed.Job.Id);
            slots.Release();
        }
    }

    private async Task RunAsync(ClaimedJob claimed, CancellationToken stop)
    {
        Job job = claimed.Job;
        using RunningJobs.Entry entry = running.Add(job.Id);
        using Activity? activity = MedGenDiagnostics.Activities.StartActivity($"Job.{job.Kind}", ActivityKind.Internal, queue.TakeTrace(job.Id));
        activity?.SetTag("job", job.Id).SetTag("attempt", job.Attempt);
        using IDisposable? scope = logger.BeginScope(new KeyValuePair<string, object?>[] { new("job", job.Id), new("caller", job.Owner) });
        RecordQueueTime(job);
        MedGenDiagnostics.RunningJobs.Add(1);
        long started = time.GetTimestamp();
        JobStateChanged end;
        try
        {
            end = await WorkAsync(claimed, entry, stop).ConfigureAwait(false);
        }
        finally
        {
            MedGenDiagnostics.RunningJobs.Add(-1);
        }

        await queue.AppendAsync(job.Id, end, CancellationToken.None).ConfigureAwait(false);
        string outcome = end.Error?.Reason ?? (end.State == JobState.Succeeded ? MessageOutcome.Ok : end.State.ToString().ToUpperInvariant());
        double seconds = time.GetElapsedTime(started).TotalSeconds;
        activity?.SetTag("outcome", outcome);
        MedGenDiagnostics.JobDuration.Record(
            seconds, new KeyValuePair<string, object?>("kind", job.Kind), new KeyValuePair<string, object?>("outcome", outcome));
        Log.JobEnded(logger, job.Id, job.Kind, outcome, seconds);
        await audit.AppendAsync(
            new AuditEntry { Caller = job.Owner, Action = "JobEnded", Subject = $"job:{job.Id}", Outcome = outcome, Tenant = job.Tenant },
            CancellationToken.None).ConfigureAwait(false);
    }

    private void RecordQueueTime(Job job)
    {
        TagList tags = new() { { "kind", job.Kind } };
        if (peers.DeviceClass is { } device)
        {
            tags.Add("device_class", device);
        }

        MedGenDiagnostics.JobQueueTime.Record((clock.GetUtcNow() - job.CreatedAt).TotalSeconds, tags);
    }

    private async Task<JobStateChanged> WorkAsync(ClaimedJob claimed, RunningJobs.Entry entry, CancellationToken stop)
    {
        Job job = claimed.Job;
        CancellationToken cancel = entry.Token;

        // A cancel that came between the claim and the entry into the running jobs is in the store only.
        if (await store.FindAsync(job.Id, CancellationToken.None).ConfigureAwait(false) is { CancelRequested: true })
        {
            return new JobStateChanged { State = JobState.Cancelled, Attempt = job.Attempt };
        }

        TimeSpan? left = job.DeadlineAt - clock.GetUtcNow();
        if (left <= TimeSpan.Zero)
        {
            return job.TimeIsUp();
        }

        // Also where the clock was set back since the job came: it gets no more than it was given.
        TimeSpan? given = job.DeadlineAt - job.CreatedAt;
        left = left > given ? given : left;

        using CancellationTokenSource deadline = left is { } limit ? new CancellationTokenSource(limit, time) : new CancellationTokenSource();
        using CancellationTokenSource any = CancellationTokenSource.CreateLinkedTokenSource(cancel, stop, deadline.Token);
        try
        {
            JobReporter reporter = new(queue, job.Id, time, options.Value.ProgressInterval);
            await _works[job.Kind].RunAsync(claimed, reporter, any.Token).ConfigureAwait(false);
            return new JobStateChanged { State = JobState.Succeeded, Attempt = job.Attempt };
        }

        // Neither cancelled nor failed: this host may have the job again by now, and must not end it.
        catch (Exception exception) when (entry.IsTakenOver || exception is JobTakenOverException)
        {
            throw new JobTakenOverException(job.Id);
        }

        // Whatever a plugin throws on its way out after it was told to stop, that is why it ends.
        catch (Exception exception) when (cancel.IsCancellationRequested)
        {
            string? note = (exception as PluginAbandonedException)?.Message;
            return new JobStateChanged { State = JobState.Cancelled, Attempt = job.Attempt, Note = note };
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            return job.Stopped();
        }
        catch (Exception exception) when (deadline.IsCancellationRequested)
        {
            JobStateChanged late = job.TimeIsUp();
            return exception is PluginAbandonedException ? late with { Note = exception.Message } : late;
        }
        catch (DeviceFaultException)
        {
            Log.DeviceFailed(logger, job.Id);
            await _deviceFailed.CancelAsync().ConfigureAwait(false);
            return Interruption.Of(
                await store.FindAsync(job.Id, CancellationToken.None).ConfigureAwait(false) ?? job, options.Value.MaxAttempts, "The device failed");
        }
        catch (ResourceExhaustedException exception) when (peers.IsCluster && WhyElsewhere(exception.Reason) is not null)
        {
            return Interruption.Of(
                await store.FindAsync(job.Id, CancellationToken.None).ConfigureAwait(false) ?? job, options.Value.MaxAttempts,
                WhyElsewhere(exception.Reason)!);
        }
        catch (MedGenException exception)
        {
            return Failed(job, JobError.Of(exception));
        }
        catch (Exception exception)
        {
            // A plugin's message may hold a prompt or a patient's name: only its type and place are logged, and the caller gets an id.
            Log.JobCrashed(logger, job.Id, exception.GetType().FullName ?? "", exception.StackTrace);
            string message = $"An internal error ended the job; the host's log has it under '{job.Id}'.";
            return Failed(job, new JobError { Code = ErrorCode.Internal, Reason = MessageOutcome.Internal, Message = message });
        }
    }

    // What ends a run on this host, and need not end it on another one, or later.
    private static string? WhyElsewhere(string reason) => reason switch
    {
        "CLUSTER_UNAVAILABLE" or "DATABASE_UNAVAILABLE" => "The servers of the cluster were away",
        "DISK_FULL" or "DISK_NOT_WRITABLE" => "The disk was full",
        _ => null,
    };

    private static JobStateChanged Failed(Job job, JobError error) => new() { State = JobState.Failed, Attempt = job.Attempt, Error = error };
}
