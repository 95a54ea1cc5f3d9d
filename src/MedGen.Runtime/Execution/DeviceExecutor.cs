using System.Runtime.CompilerServices;
using MedGen.Runtime.Health;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Serving;
using MedGen.Sdk.Torch.Execution;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TorchSharp;

namespace MedGen.Runtime.Execution;

/// <summary>The one thread that touches torch, and the bounded queue in front of it.</summary>
internal sealed class DeviceExecutor : IDeviceExecutor, IDeviceActivity, IDisposable
{
    // Flows into whatever device work starts, so that a task begun there and waited for there is recognised too.
    private static readonly AsyncLocal<bool> InsideDeviceWork = new();

    /// <summary>Waiting for so long makes work as urgent as the next priority is at once.</summary>
    private static readonly TimeSpan Aging = TimeSpan.FromSeconds(10);

    private readonly MedGenRuntimeOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<DeviceExecutor> _logger;
    private readonly WorkQueue _queue;
    private readonly ServiceTime _itemTime = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Thread _thread;
    private long _busySince; // time stamp; 0: idle
    private long _workedTicks;
    private bool _isPrepared; // device thread only
    private volatile DeviceFaultException? _fault;

    public DeviceExecutor(IOptions<MedGenRuntimeOptions> options, TimeProvider time, ILogger<DeviceExecutor> logger)
    {
        _options = options.Value;
        _time = time;
        _logger = logger;
        _queue = new WorkQueue(_options.QueueLimit, time, Aging);
        Device = new torch.Device(_options.Device);
        _thread = new Thread(Work) { IsBackground = true, Name = $"medgen {_options.Device}" };
        _thread.Start();
    }

    public torch.Device Device { get; }

    /// <inheritdoc />
    public bool HasFailed => _fault is not null;

    /// <summary>Runs before each item, on the device thread; tests let the device fail here.</summary>
    internal Action? Fault { get; set; }

    /// <inheritdoc />
    public TimeSpan? Busy => Interlocked.Read(ref _busySince) is var since and not 0 ? _time.GetElapsedTime(since) : null;

    /// <inheritdoc />
    public TimeSpan Worked => new(Interlocked.Read(ref _workedTicks));

    public Task<T> RunAsync<T>(Func<CancellationToken, T> work, ServicePriority priority, CancellationToken cancellationToken) =>
        RunAsync(work, priority, isAdmitted: false, cancellationToken);

    /// <summary>
    /// As <see cref="RunAsync{T}(Func{CancellationToken, T}, ServicePriority, CancellationToken)"/>, also for the next part of a request already let
    /// in.
    /// </summary>
    public async Task<T> RunAsync<T>(Func<CancellationToken, T> work, ServicePriority priority, bool isAdmitted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (InsideDeviceWork.Value)
        {
            throw new InvalidOperationException(
                "Device work must not queue device work: the device would wait for itself. Return to the caller and queue the next piece from "
                    + "there.");
        }

        cancellationToken.ThrowIfCancellationRequested();
        var item = new WorkItem<T>(work, cancellationToken);
        if (!_queue.TryAdd(item, priority, isAdmitted))
        {
            TimeSpan retryAfter = _itemTime.WaitBehind(_options.QueueLimit);
            Log.QueueFull(_logger, _options.QueueLimit, retryAfter);
            throw new ResourceExhaustedException(
                "DEVICE_QUEUE_FULL", $"The device's queue holds {_options.QueueLimit} pieces of work and takes no more.", retryAfter);
        }

        using (cancellationToken.UnsafeRegister(_ => Withdraw(item, cancellationToken), null))
        {
            return await item.Completion.ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Queues the next part of something that goes on by itself; unlike other work it may be queued from the device thread, which does not wait for
    /// it.
    /// </summary>
    /// <returns>Completes when it has run.</returns>
    /// <exception cref="OperationCanceledException">The executor stops.</exception>
    public Task EnqueueAsync(Action work, ServicePriority priority)
    {
        var item = new WorkItem<bool>(
            _ =>
            {
                work();
                return true;
            },
            CancellationToken.None);
        _queue.TryAdd(item, priority, isAdmitted: true);
        return item.Completion;
    }

    public void Dispose()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        _stopping.Cancel();
        foreach (WorkItem item in _queue.Close())
        {
            item.Cancel(_stopping.Token);
        }

        // A plugin's work may never end: the process must end all the same, and this thread does not keep it.
        if (!_thread.Join(_options.StopLimit))
        {
            Log.DeviceDoesNotStop(_logger, _options.Device, _options.StopLimit);
        }

        _stopping.Dispose();
    }

    private void Withdraw(WorkItem item, CancellationToken because)
    {
        if (_queue.TryRemove(item))
        {
            item.Cancel(because);
        }
    }

    private void Work()
    {
        InsideDeviceWork.Value = true;
        while (RunNext())
        {
        }
    }

    /// <summary>
    /// Waits for the next item and runs it. A method of its own, so that a waiting thread's stack does not refer to the last item, which may be a
    /// plugin's.
    /// </summary>
    /// <returns>Whether there was one; false when the queue is closed.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool RunNext()
    {
        if (_queue.Take() is not { } item)
        {
            return false;
        }

        long started = _time.GetTimestamp();
        Interlocked.Exchange(ref _busySince, started);
        if (_fault is { } fault)
        {
            item.Fail(fault);
        }
        else
        {
            item.Run(Prepare, Judge, _stopping.Token);
        }

        Interlocked.Exchange(ref _busySince, 0);
        TimeSpan took = _time.GetElapsedTime(started);
        Interlocked.Add(ref _workedTicks, took.Ticks);
        _itemTime.Add(took);
        return true;
    }

    /// <summary>
    /// An error of device work as its caller is told of it. After a fault of the device nothing runs on it any more: what waits fails with the same
    /// error.
    /// </summary>
    public Exception Judge(Exception exception)
    {
        if (!DeviceFault.Is(exception))
        {
            return exception;
        }

        Log.DeviceFailed(_logger, _options.Device, exception);
        return _fault ??= new DeviceFaultException(
            $"The device {_options.Device} has failed and works again only in a new process; the host must be started again.");
    }

    private void Prepare()
    {
        Fault?.Invoke();
        if (_isPrepared)
        {
            return;
        }

        if (Device.type == DeviceType.CUDA && !torch.cuda.is_available())
        {
            throw new FailedPreconditionException(
                "DEVICE_NOT_AVAILABLE",
                $"Device '{_options.Device}' was asked for, but CUDA is not available here. Use device 'cpu', or a build with CUDA on a machine "
                    + "with a driver.");
        }

        torch.InitializeDeviceType(Device.type);
        if (_options.Threads > 0)
        {
            torch.set_num_threads(_options.Threads);
        }

        _isPrepared = true;
        Log.DeviceReady(_logger, _options.Device, torch.get_num_threads());
    }
}
