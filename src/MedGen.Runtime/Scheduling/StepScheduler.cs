using MedGen.Abstractions.Errors;
using MedGen.Abstractions.Generation;
using MedGen.Model.Inspection;
using MedGen.Model.Pipelines;
using MedGen.Runtime.Adapters;
using MedGen.Runtime.Execution;
using MedGen.Torch.Execution;

namespace MedGen.Runtime.Scheduling;

/// <summary>
/// Gives the sessions their turns on the device. A tick is one item of device work: it lets the policy choose, does one step, and queues the next tick, so
/// everything more urgent gets in between. For each priority with work there is one tick in the device's queue; that queue decides between them.
/// Sessions are touched on the device thread only; everything else is guarded by the lock.
/// </summary>
internal sealed class StepScheduler
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
    private readonly HashSet<WorkPriority> _ticking = [];
    private readonly StepCost _cost = new();

    public StepScheduler(DeviceExecutor executor, MedGenPipeline pipeline, AdapterShelf adapters, MedGenRuntimeOptions options, TimeProvider time)
    {
        (_executor, _pipeline, _adapters, _time) = (executor, pipeline, adapters, time);
        _memory = new MemoryBudget(options.MemoryLimit(), pipeline.WeightBytes);
        _queue = new RunQueue(options.SessionLimit, options.QueueLimit, _memory);
    }

    private double Now => _time.GetElapsedTime(0).TotalSeconds;

    /// <summary>Lets a generation in, at once or when others have ended.</summary>
    /// <exception cref="ResourceExhaustedException">The queue is full, or the clip never fits into memory.</exception>
    /// <exception cref="DeadlineExceededException">Even alone it would take much longer than it may.</exception>
    public GenerationRun Submit(VideoGenerationRequest request, AdapterLease? adapter, CancellationToken cancellationToken)
    {
        GenerationCost cost = _pipeline.CostOf(request);
        GenerationRun run;
        lock (_gate)
        {
            _memory.ThrowIfNeverFits(cost);
            SessionTicket ticket = Ticket(request, cost);
            _queue.ThrowIfFull(_active.Count, _policy.Tickets.Sum(other => other.RemainingSeconds));
            run = new GenerationRun(this, request, adapter, cost, ticket, cancellationToken);
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
    public void EndAll(Exception error)
    {
        lock (_gate)
        {
            foreach (GenerationRun run in _queue.Clear())
            {
                run.End(error);
            }

            _active.ToList().ForEach(run => End(run, error));
        }
    }

    // The device may be at work on a session: these are left to whoever disposes of the model.
    private void Abandon(Exception error)
    {
        lock (_gate)
        {
            foreach (GenerationRun run in _queue.Clear().Concat(_active))
            {
                run.End(error);
            }
        }
    }

    private SessionTicket Ticket(VideoGenerationRequest request, GenerationCost cost)
    {
        double seconds = StepSeconds(request, cost) * Steps(request) + _cost.DecodeSeconds(cost, LatentFrames(request));
        double? left = request.Service.Deadline is { } deadline ? (deadline - _time.GetUtcNow()).TotalSeconds : null;

        // Predictions err: only what is out of reach is refused.
        if (_cost.IsCalibrated && seconds > 2 * left)
        {
            throw new DeadlineExceededException(FormattableString.Invariant($"The clip takes about {seconds:0.#} s of the device alone, and {left:0.#} s are left until its deadline."));
        }

        return new SessionTicket
        {
            Tenant = request.Service.Tenant,
            Priority = (WorkPriority)request.Service.Priority,
            ArrivedAt = Now,
            Deadline = Now + left,
            TotalSeconds = seconds,
            RemainingSeconds = seconds,
        };
    }

    private void Tick(WorkPriority priority)
    {
        GenerationRun? run;
        lock (_gate)
        {
            _ticking.Remove(priority);
            foreach (GenerationRun left in _active.Where(candidate => candidate.IsCancelled).ToList())
            {
                EndCancelled(left);
            }

            run = _policy.Pick(priority, Now) is { } picked ? _active.First(candidate => candidate.Ticket == picked) : null;
        }

        if (run is not null)
        {
            Step(run);
        }

        lock (_gate)
        {
            Admit();
            QueueTicks();
        }
    }

    private void Step(GenerationRun run)
    {
        double started = Now;
        try
        {
            run.Session ??= _pipeline.Start(run.Request, run.Adapter?.Adapter, run.Adapter?.Description.Sha256 ?? "");
            GenerationStage stage = run.Session.Stage;
            IReadOnlyList<GenerationUpdate> updates = run.Session.Step();
            lock (_gate)
            {
                Book(run, stage, Now - started);
                foreach (GenerationUpdate update in updates)
                {
                    run.Write(update is GenerationProgress progress ? progress with { TimeLeft = TimeLeft(run) } : update);
                }

                run.Ticket.IsRunnable = run.HasRoom;
                if (run.Session.IsCompleted)
                {
                    End(run, null);
                }
            }
        }
#pragma warning disable CA1031 // Whatever ends a session ends that session alone; its receiver is told.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            lock (_gate)
            {
                End(run, exception);
            }
        }
    }

    private void Book(GenerationRun run, GenerationStage stage, double seconds)
    {
        _policy.Charge(run.Ticket, seconds);
        switch (stage)
        {
            case GenerationStage.Denoising:
                _cost.Observe(run.Cost, Forwards(run.Request), seconds);
                break;
            case GenerationStage.Decoding:
                _cost.ObserveDecoding(run.Cost, seconds);
                break;
        }

        // What is left is always told by the newest prediction.
        (int steps, int latentFrames) = run.Session!.Remaining;
        run.Ticket.RemainingSeconds = (steps * StepSeconds(run.Request, run.Cost)) + _cost.DecodeSeconds(run.Cost, latentFrames);
    }

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
        run.Session?.Dispose();
        _active.Remove(run);
        _policy.Remove(run.Ticket);
        _memory.Close(run.Cost);
        run.End(error);
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
        foreach (GenerationRun run in _active)
        {
            WorkPriority priority = run.IsCancelled ? WorkPriority.Interactive : run.Ticket.Priority;
            if ((run.IsCancelled || run.Ticket.IsRunnable) && _ticking.Add(priority))
            {
                _ = TickAsync(priority);
            }
        }
    }

    private async Task TickAsync(WorkPriority priority)
    {
        try
        {
            await _executor.EnqueueAsync(() => Tick(priority), priority).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // No tick will ever run again: whoever waits for one is told why.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Abandon(exception);
        }
    }

    private TimeSpan? TimeLeft(GenerationRun run) => _cost.IsCalibrated ? TimeSpan.FromSeconds(_policy.TimeLeft(run.Ticket)) : null;

    private double StepSeconds(VideoGenerationRequest request, GenerationCost cost) => _cost.StepSeconds(cost, Forwards(request));

    // Guidance of 1, and a distilled model, need no second one.
    private static int Forwards(VideoGenerationRequest request) => request.GuidanceScale == 1 || request.Scheduler == GenerationScheduler.Dmd ? 1 : 2;

    private static int Steps(VideoGenerationRequest request) => request.SourceFrames is null
        ? request.NumInferenceSteps
        : Math.Max(1, (int)Math.Ceiling(request.NumInferenceSteps * request.Strength));

    private int LatentFrames(VideoGenerationRequest request) => (int)_pipeline.Grid.Latent(request.Width, request.Height, request.NumFrames).Frames;
}
