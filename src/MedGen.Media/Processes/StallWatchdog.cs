using System.Diagnostics;
using MedGen.Sandbox;
using Microsoft.Extensions.Logging;

namespace MedGen.Media.Processes;

/// <summary>Ends a child that does nothing while we wait for it. A slow reader of ours is no stall: then nobody is waiting.</summary>
internal sealed class StallWatchdog : IAsyncDisposable
{
    private const int ChecksPerTimeout = 4;

    private readonly Process _process;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private long _lastProgress;
    private volatile bool _waiting;

    public StallWatchdog(Process process, TimeSpan timeout, TimeProvider time, ILogger logger)
    {
        _process = process;
        _timeout = timeout;
        _time = time;
        _logger = logger;
        Progress();
        _timer = time.CreateTimer(_ => Check(), null, timeout / ChecksPerTimeout, timeout / ChecksPerTimeout);
    }

    /// <summary>Whether the child was ended for doing nothing.</summary>
    public bool HasStalled { get; private set; }

    public void StartWaiting()
    {
        Progress();
        _waiting = true;
    }

    public void StopWaiting() => _waiting = false;

    public void Progress() => Volatile.Write(ref _lastProgress, _time.GetTimestamp());

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Check()
    {
        if (!_waiting || HasStalled || _time.GetElapsedTime(Volatile.Read(ref _lastProgress)) < _timeout)
        {
            return;
        }

        HasStalled = true;
        ProcessTree.Kill(_process);
        _logger.ProcessStalled(_process.Id, _timeout.TotalSeconds);
    }
}
