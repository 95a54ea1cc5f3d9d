using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MedGen.PluginHost.Home;
using MedGen.PluginHost.Loading;
using MedGen.Sandbox;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Models;
using Microsoft.Extensions.Logging;

namespace MedGen.PluginHost.Isolation;

/// <summary>
/// A worker process as the host sees it: calls go in, answers come out, and when it ends all calls in it end with an error that says so. What it
/// sends is not trusted: what is no message ends it.
/// </summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private const int MostMessageBytes = 8 << 20;
    private const int MostPayloadBytes = 256 << 20;
    private const long LeastFileBytes = 64 << 20;

    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DataInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RestLimit = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly ControlGroup? _group;
    private readonly WorkerChannel _channel;
    private readonly PluginHome _home;
    private readonly WorkerLender _lender;
    private readonly TimeSpan _grace;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<int, WorkerCall> _calls = [];
    private readonly Task _ended;
    private int _lastCall;
    private volatile bool _isOver;
    private int _isCounted;
    private string? _killedFor;

    private WorkerProcess(Process process, ControlGroup? group, PluginHome home, IMedGenModel? model, TimeSpan grace, TimeProvider time)
    {
        (_process, _group, _home, _grace, _time) = (process, group, home, grace, time);
        _channel = new WorkerChannel(process.StandardOutput.BaseStream, process.StandardInput.BaseStream, MostMessageBytes, MostPayloadBytes);
        _lender = new WorkerLender(_channel, model);
        _ended = RunAsync();
        _ = WatchDataAsync();
    }

    /// <summary>Whether it has ended, or is about to.</summary>
    public bool IsOver => _isOver || _killedFor is not null;

    /// <summary>Whether it has ended and nobody has counted that yet; true once.</summary>
    public bool TryCountEnd() => IsOver && Interlocked.Exchange(ref _isCounted, 1) == 0;

    /// <summary>Starts a process and has it load the plugin.</summary>
    /// <returns>The process, and what the plugin says of itself.</returns>
    /// <exception cref="PluginLoadException">The plugin cannot be loaded.</exception>
    /// <exception cref="FailedPreconditionException">Child processes cannot be confined here as the settings ask.</exception>
    public static async Task<(WorkerProcess Worker, PluginTold Told)> StartAsync(
        PluginHostOptions options, SandboxMode mode, PluginHome home, string directory, IMedGenModel? model, TimeProvider time,
        ILogger logger, CancellationToken cancellationToken)
    {
        if (options.WorkerCommand.Count == 0)
        {
            throw new FailedPreconditionException("WORKER_MISSING", "This host was built without a program for plugins in a process of their own.");
        }

        if (options.WorkerProcessors > 0 && ControlGroup.WhyNotProcessors is { } reason)
        {
            throw new FailedPreconditionException(
                "WORKER_PROCESSORS",
                FormattableString.Invariant($"plugins.worker_processors: got {options.WorkerProcessors}; allowed is 0 here, as {reason}."));
        }

        ProcessSandbox sandbox = ProcessSandbox.For(mode);
        SandboxedCommand command = Command(options, directory, home.Data);
        ControlGroup? group = ControlGroup.TryCreate(
            new GroupLimits { MemoryBytes = (long)options.WorkerMemoryMiB << 20, Processors = options.WorkerProcessors });
        Process process = await StartAsync(sandbox, command, group).ConfigureAwait(false);
        string memory = group is null ? "address space" : ControlGroup.InForce!;
        if (sandbox.KindFor(command) == SandboxKind.Bubblewrap)
        {
            Log.Isolated(logger, home.Manifest.Id, home.Manifest.Version, process.Id, memory);
        }
        else
        {
            Log.IsolatedByLimitsAlone(logger, home.Manifest.Id, home.Manifest.Version, process.Id, memory);
        }

        WorkerProcess worker = new(process, group, home, model, options.WorkerGrace, time);
        try
        {
            LoadPlugin load = new(home.Manifest, directory, model is not null, worker.LoadedModel())
            {
                Settings = home.Settings,
                Secrets = home.SecretsForWorker(),
                DataFolder = home.Data?.Path,
                HostVersion = PluginHome.HostVersion,
                LeastLevel = home.Log.Least,
            };
            CallEnded loaded = await worker.AskAsync(load, [], cancellationToken).ConfigureAwait(false);
            return (worker, loaded.Told ?? throw new PluginLoadException("load", "Its process said nothing of it."));
        }
        catch
        {
            await worker.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Makes a call that has one answer.</summary>
    /// <param name="message">The call.</param>
    /// <param name="clips">Clips that it may read.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PluginCrashedException">The process ended before the call did.</exception>
    public async Task<CallEnded> AskAsync(WorkerMessage message, IReadOnlyList<IVideoClip> clips, CancellationToken cancellationToken)
    {
        using WorkerCall call = Begin(clips, read: null);
        try
        {
            await SendAsync(message with { Call = call.Id }).WaitAsync(cancellationToken).ConfigureAwait(false);
            return await call.Ended.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await EndAsync(call).ConfigureAwait(false);
        }
    }

    /// <summary>Makes a call that is answered update by update.</summary>
    /// <param name="message">The call.</param>
    /// <param name="payload">What lies behind it.</param>
    /// <param name="clips">Clips that it may read.</param>
    /// <param name="read">Makes of a message, and of what lies behind it, an update.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PluginCrashedException">The process ended before the call did.</exception>
    public async IAsyncEnumerable<T> StreamAsync<T>(
        WorkerMessage message, ReadOnlyMemory<byte> payload, IReadOnlyList<IVideoClip> clips, Func<Update, byte[], T> read,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        using WorkerCall call = Begin(clips, read);
        try
        {
            await SendAsync(message with { Call = call.Id }, payload).WaitAsync(cancellationToken).ConfigureAwait(false);
            int taken = 0;
            while (await call.Updates.NextAsync(cancellationToken).ConfigureAwait(false) is { } update)
            {
                yield return (T)update;
                if (++taken == UpdateQueue.Room / 2)
                {
                    await SendAsync(new NextUpdates(taken) { Call = call.Id }).WaitAsync(cancellationToken).ConfigureAwait(false);
                    taken = 0;
                }
            }

            await call.Ended.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await EndAsync(call).ConfigureAwait(false);
        }
    }

    /// <summary>What the host's model is; null: there is none, or it is still being loaded.</summary>
    public ModelDescription? LoadedModel() => _lender.Loaded();

    /// <summary>Ends the process at once.</summary>
    /// <param name="why">What the calls in it are told.</param>
    public void Kill(string why)
    {
        Interlocked.CompareExchange(ref _killedFor, why, null);
        try
        {
            ProcessTree.Kill(_process);
        }
        catch (Exception exception) when (exception is Win32Exception or AggregateException)
        {
            // It has ended already, or is about to.
        }
    }

    /// <summary>Has the process end: by the end of its input, and if it does not by force.</summary>
    public async ValueTask DisposeAsync()
    {
        Interlocked.CompareExchange(ref _killedFor, "the host has done with it", null);
        await _end.CancelAsync().ConfigureAwait(false);
        try
        {
            _process.StandardInput.Close();
            await _ended.WaitAsync(ExitLimit, _time).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException or IOException)
        {
            Kill("the host has done with it");
            await _ended.ConfigureAwait(false);
        }

        _channel.Dispose();
        _process.Dispose();
        await EndAsync(_group).ConfigureAwait(false);
        _end.Dispose();
    }

    private static async Task<Process> StartAsync(ProcessSandbox sandbox, SandboxedCommand command, ControlGroup? group)
    {
        try
        {
            return sandbox.Start(command, group);
        }
        catch
        {
            await EndAsync(group).ConfigureAwait(false);
            throw;
        }
    }

    private static ValueTask EndAsync(ControlGroup? group) => group?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static SandboxedCommand Command(PluginHostOptions options, string directory, PluginDataFolder? data) => new()
    {
        Program = options.WorkerCommand[0],
        Arguments = [.. options.WorkerCommand.Skip(1)],
        Readable =
        [
            directory, .. options.WorkerCommand.Where(Path.IsPathRooted).Select(file => Path.GetDirectoryName(file)!).Append(RuntimeRoot).Distinct(),
        ],
        Writable = data is null ? [] : [data.Path],
        Environment = new Dictionary<string, string>
        {
            ["DOTNET_EnableDiagnostics"] = "0",
            ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1",
            ["HOME"] = "/tmp",
            ["OMP_NUM_THREADS"] = "1",
            ["DOTNET_ROOT"] = RuntimeRoot,
        },
        Limits = new SandboxLimits
        {
            AddressSpaceBytes = options.WorkerAddressSpaceBytes, CpuSeconds = int.MaxValue, FileBytes = Math.Max(LeastFileBytes, data?.Quota ?? 0),
        },
        NeedsProc = true,
    };

    // Of an installed .NET its folder; of a program that brings its own runtime, that program's.
    private static string RuntimeRoot
    {
        get
        {
            string runtime = Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory());
            string frameworks = Path.Combine("shared", "Microsoft.NETCore.App");
            return Path.GetDirectoryName(runtime) is { } parent && parent.EndsWith(frameworks, StringComparison.Ordinal)
                ? parent[..^(frameworks.Length + 1)]
                : runtime;
        }
    }

    private WorkerCall Begin(IReadOnlyList<IVideoClip> clips, Func<Update, byte[], object>? read)
    {
        WorkerCall call = new(Interlocked.Increment(ref _lastCall), clips, _channel, read);
        _calls[call.Id] = call;
        if (_isOver)
        {
            // What fails the calls at the end may have missed this one.
            call.Fail(Crashed("it had ended"));
        }

        return call;
    }

    private async Task SendAsync(WorkerMessage message, ReadOnlyMemory<byte> payload = default)
    {
        try
        {
            await _channel.SendAsync(message, payload).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // It is ending; its calls are told why when it has.
        }
    }

    // A call that is not over is told to end, and has its grace: then the whole process goes, since nothing less ends it for certain.
    private async Task EndAsync(WorkerCall call)
    {
        try
        {
            if (!call.Ended.IsCompleted)
            {
                call.Updates.Drop();

                // Not waited for: a worker that does not read would have it wait for ever.
                _ = SendAsync(new CancelCall { Call = call.Id });
                await ((Task)call.Ended).WaitAsync(_grace, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (!call.Ended.IsCompleted)
                {
                    Kill($"a call in it did not end within {_grace.TotalSeconds:0.###} s of being told to");
                    await ((Task)call.Ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
        finally
        {
            _calls.TryRemove(call.Id, out _);
        }
    }

    // Never throws. The end of the process counts, too, and not only that of the line: a child that it left behind may hold that open.
    private async Task RunAsync()
    {
        Task errors = _home.Log.CopyAsync(_process.StandardError);
        Task<string> reading = ReadAllAsync();
        Task exit = _process.WaitForExitAsync(CancellationToken.None);
        await Task.WhenAny(reading, exit).ConfigureAwait(false);
        await Task.WhenAny(Task.WhenAll(reading, exit), Task.Delay(exit.IsCompleted ? RestLimit : ExitLimit)).ConfigureAwait(false);
        if (!exit.IsCompleted)
        {
            Kill(await reading.ConfigureAwait(false));
            await exit.ConfigureAwait(false);
        }

        await Task.WhenAny(errors, Task.Delay(RestLimit)).ConfigureAwait(false);
        string how = reading.IsCompletedSuccessfully ? await reading.ConfigureAwait(false) : "it ended";
        string why = _killedFor
            ?? (_group?.RanOutOfMemory == true ? "it took more memory than it may" : $"{how} with exit code {_process.ExitCode}");
        _isOver = true;
        foreach (WorkerCall call in _calls.Values)
        {
            call.Fail(Crashed(why));
        }

        await _end.CancelAsync().ConfigureAwait(false);
    }

    // A plugin that writes on would fill the disk before its call ends.
    private async Task WatchDataAsync()
    {
        while (_home.Data is { } data && !_end.IsCancellationRequested)
        {
            await Task.Delay(DataInterval, _time, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_end.IsCancellationRequested && data.WhyFull() is { } why)
            {
                Kill($"its data folder {why}");
                return;
            }
        }
    }

    private async Task<string> ReadAllAsync()
    {
        try
        {
            while (await _channel.ReadAsync().ConfigureAwait(false) is var (message, payload))
            {
                Take(message, payload);
            }

            return "it ended";
        }
        catch (Exception exception)
        {
            // Whatever a worker makes of its line, it has it no longer.
            string why = exception is IOException or ObjectDisposedException ? "the line to it broke" : "it sent what is no message";
            Kill(why);
            return why;
        }
    }

    private PluginCrashedException Crashed(string why) => new(_home.Manifest.Id, _home.Manifest.Version, why);

    private void Take(WorkerMessage message, byte[] payload)
    {
        if (message is LogLine line)
        {
            _home.Log.Write(line.Level, line.Category, line.Text);
        }
        else if (_calls.TryGetValue(message.Call, out WorkerCall? call))
        {
            Take(call, message, payload);
        }

        // Else it crossed the end of its call.
    }

    private void Take(WorkerCall call, WorkerMessage message, byte[] payload)
    {
        try
        {
            if (!_lender.Takes(message, payload, call.Over))
            {
                call.Take(message, payload);
            }
        }
        catch (ObjectDisposedException)
        {
            // The call ended meanwhile.
        }
    }
}
