using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Serving;
using MedGen.Model.Pipelines;
using MedGen.Model.Sizing;
using MedGen.Runtime.Adapters;
using MedGen.Runtime.Execution;

namespace MedGen.Runtime.Scheduling;

/// <summary>
/// Gives the sessions their turns on the device. A tick is one item of device work: it lets the policy choose, does one step, and queues the next
/// tick. Sessions are touched on the device thread only; everything else is guarded by the lock.
/// </summary>
internal sealed class StepScheduler : IDisposable
{
    private readonly DeviceExecutor _executor;
    private readonly AdapterShelf _adapters;
    private readonly MedGenPipeline _pipeline;
    private readonly MemoryBudget _memory;
    private readonly RunQueue _queue;
    private readonly SessionPolicy _policy = new();
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly List<GenerationRun> _active = [];
    private readonly TickQueue _ticks;
    private readonly List<GenerationRun> _abandoned = [];
    private readonly RunForecast _forecast;
    private readonly SharedForward _shared;
    private int? _expert; // of two, the one that worked last

    public StepScheduler(DeviceExecutor executor, MedGenPipeline pipeline, AdapterShelf adapters, MedGenRuntimeOptions options, TimeProvider time)
    {
        (_executor, _pipeline, _adapters, _time) = (executor, pipeline, adapters, time);
        _memory = new MemoryBudget(pipeline.MemoryLimit, pipeline.WeightBytes);
        _forecast = new RunForecast(pipeline, time);
        _shared = new SharedForward(options.SharedForwardTokens);
        _queue = new RunQueue(options.SessionLimit, options.QueueLimit, _memory);
        _ticks = new TickQueue(executor, Tick, Abandon);
    }

    /// <summary>How sessions share forwards.</summary>
    internal SharedForward Shared => _shared;

    /// <summary>How often another one of two experts has taken over.</summary>
    internal int Switches { get; private set; }

    private double Now => _time.GetElapsedTime(0).TotalSeconds;

    /// <summary>Bytes that are free now, and how long a step of some clip takes.</summary>
    public (long FreeBytes, double? StepSeconds) Measure(GenerationCost clip)
    {
        lock (_gate)
        {
            _memory.Extra = _adapters.Bytes;
            return (_memory.FreeNow, _forecast.StepSeconds(clip));
        }
    }

    /// <summary>Lets a generation in, at once or when others have ended.</summary>
    /// <exception cref="ResourceExhaustedException">The queue is full, or the clip never fits into memory.</exception>
    /// <exception cref="DeadlineExceededException">Even alone it would take much longer than it may.</exception>
    public GenerationRun Submit(VideoGenerationRequest request, IReadOnlyList<AdapterLease> adapters, CancellationToken cancellationToken)
    {
        GenerationCost cost = _pipeline.CostOf(request);
        GenerationRun run;
        lock (_gate)
        {
            _memory.ThrowIfNeverFits(cost);
            // Sessions of two experts would share a forward only while they are at the same one; a picture in channels is a session's own.
            bool isAlone = _pipeline.HasExperts || _pipeline.NeedsFirstFrame;
            SessionTicket ticket = _forecast.Ticket(request, cost, Now, isAlone ? null : _shared.KeyOf(request, cost));
            _queue.ThrowIfFull(_active.Count, _policy.Tickets.Sum(other => other.RemainingSeconds));
            run = new GenerationRun(this, request, adapters, cost, ticket, cancellationToken);
            _queue.Add(run);
            Admit();
            if (run.Position == 0)
            {
                run.Write(new GenerationProgress { Stage = GenerationStage.Queued, Completed = 0, Total = 1, TimeLeft = TimeLeft(run) });
            }

            QueueTicks();
        }

        return run;
    }

    /// <summary>A run's receiver has read, left or been cancelled.</summary>
    public void Wake(GenerationRun run)
    {
        lock (_gate)
        {
            if (run.IsCancelled && _queue.Remove(run))
            {
                run.End(new OperationCanceledException(run.CancellationToken));
                Admit();
            }

            run.Ticket.IsRunnable = run.HasRoom;
            QueueTicks();
        }
    }

    /// <summary>Ends all runs; on the device thread, or when that has stopped.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            LeaveAll(new OperationCanceledException("The model is unloaded."));
            CloseAbandoned();
            _shared.Dispose();
        }
    }

    // The device may be at work on a session, so the sessions are closed at its next turn. If it takes none any more, whoever disposes of the model
    // closes them.
    private void Abandon(Exception error)
    {
        lock (_gate)
        {
            LeaveAll(error);
        }
    }

    private void LeaveAll(Exception error)
    {
        foreach (GenerationRun run in _queue.Clear().Concat(_active))
        {
            _policy.Remove(run.Ticket);
            run.End(error);
        }

        _abandoned.AddRange(_active);
        _active.Clear();
    }

    private void CloseAbandoned()
    {
        _abandoned.ForEach(Close);
        _abandoned.Clear();
    }

    private void Tick(ServicePriority priority)
    {
        List<GenerationRun> runs = [];
        lock (_gate)
        {
            CloseAbandoned();
            _active.Where(run => run.IsCancelled).ToList().ForEach(EndCancelled);
            if (_policy.Pick(priority, Now, _expert) is { } picked)
            {
                runs = _shared.Gather(RunOf(picked), _policy.Companions(picked, Now).Select(RunOf));
            }
        }

        if (runs.Count > 0)
        {
            Step(runs);
        }

        lock (_gate)
        {
            Admit();
            QueueTicks();
        }
    }

    private void Step(List<GenerationRun> runs)
    {
        double started = Now;
        DateTimeOffset startedAt = _time.GetUtcNow();
        GenerationRun first = runs[0];
        GenerationStage stage = GenerationStage.Queued;
        bool isGood = false;
        try
        {
            first.Session ??= _pipeline.Start(
                first.Request, [.. first.Adapters.Select(lease => new SessionAdapter(lease.Adapter, lease.Description.Sha256))]);
            stage = first.Session.Stage;
            double latentFrames = first.Session.Remaining.LatentFrames;
            bool isSwitch = Switch(first.Session.Expert);
            IReadOnlyList<SessionStep> steps = _shared.Step(runs);
            isGood = true;
            RuntimeDiagnostics.StepDuration.Record(
                Now - started, new KeyValuePair<string, object?>("stage", stage), new KeyValuePair<string, object?>("sessions", runs.Count));
            double seconds = (Now - started) / runs.Count;
            lock (_gate)
            {
                foreach ((GenerationRun run, SessionStep step) in runs.Zip(steps))
                {
                    _policy.Charge(run.Ticket, seconds);
                    _forecast.Observe(run, stage, latentFrames, seconds, isSwitch);
                    Tell(run, step);
                }
            }
        }
#pragma warning disable CA1031 // Whatever ends a session ends that session alone; its receiver is told.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail(runs, _executor.Judge(exception));
        }
        finally
        {
            runs.ForEach(run => RuntimeDiagnostics.TraceStep(run.Trace, stage, runs.Count, startedAt, isGood));
        }
    }

    // Whether another expert than the one before works now.
    private bool Switch(int? expert)
    {
        bool isSwitch = expert is not null && _expert is not null && expert != _expert;
        Switches += isSwitch ? 1 : 0;
        _expert = expert ?? _expert;
        return isSwitch;
    }

    private void Fail(List<GenerationRun> runs, Exception error)
    {
        lock (_gate)
        {
            if (runs.Count > 1 && error is not DeviceFaultException)
            {
                // None of them has moved. Each goes on alone, and whichever is to blame fails alone.
                runs.ForEach(run => run.Ticket.BatchKey = null);
            }
            else
            {
                runs.ForEach(run => End(run, error));
            }
        }
    }

    private void Tell(GenerationRun run, SessionStep step)
    {
        foreach (GenerationUpdate update in step.Updates)
        {
            run.Write(update is GenerationProgress progress ? progress with { TimeLeft = TimeLeft(run) } : update);
        }

        run.Ticket.IsRunnable = run.HasRoom;
        if (step.Error is not null || run.Session!.IsCompleted)
        {
            End(run, step.Error is { } error ? _executor.Judge(error) : null);
        }
    }

    private GenerationRun RunOf(SessionTicket ticket) => _active.First(run => run.Ticket == ticket);

    private void EndCancelled(GenerationRun run)
    {
        if (run.Session?.Save() is { } checkpoint)
        {
            run.Write(checkpoint);
        }

        End(run, new OperationCanceledException(run.CancellationToken));
    }

    private void End(GenerationRun run, Exception? error)
    {
        Close(run);
        _active.Remove(run);
        _policy.Remove(run.Ticket);
        run.End(error);
    }

    private void Close(GenerationRun run)
    {
        if (run.Session is { } session)
        {
            _shared.Forget(session);
            session.Dispose();
        }

        _memory.Close(run.Cost);
    }

    private void Admit()
    {
        _memory.Extra = _adapters.Bytes;
        while (_queue.TryTake(_active) is { } run)
        {
            _active.Add(run);
            _policy.Add(run.Ticket);
        }

        _queue.TellPositions(run => TimeLeft(run) + TimeSpan.FromSeconds(_queue.SecondsBefore(run)));
    }

    private void QueueTicks()
    {
        foreach (GenerationRun run in _active.Where(run => run.IsCancelled || run.Ticket.IsRunnable))
        {
            _ticks.Request(run.IsCancelled ? ServicePriority.Interactive : run.Ticket.Priority);
        }
    }

    private TimeSpan? TimeLeft(GenerationRun run) => _forecast.IsCalibrated ? TimeSpan.FromSeconds(_policy.TimeLeft(run.Ticket)) : null;
}
