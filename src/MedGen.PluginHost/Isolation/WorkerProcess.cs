using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MedGen.Sandbox;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Models;
using MedGen.Sdk.Plugins;
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
    private const int MostExtractions = 2;

    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RestLimit = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly WorkerChannel _channel;
    private readonly WorkerLog _log;
    private readonly PluginManifest _manifest;
    private readonly IMedGenModel? _model;
    private readonly TimeSpan _grace;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<int, WorkerCall> _calls = [];
    private readonly Task _ended;
    private int _lastCall;
    private int _extractions;
    private volatile bool _isOver;
    private int _isCounted;
    private string? _killedFor;

    private WorkerProcess(Process process, PluginManifest manifest, IMedGenModel? model, TimeSpan grace, TimeProvider time, ILogger logger)
    {
        (_process, _manifest, _model, _grace, _time) = (process, manifest, model, grace, time);
        _channel = new WorkerChannel(process.StandardOutput.BaseStream, process.StandardInput.BaseStream, MostMessageBytes, MostPayloadBytes);
        _log = new WorkerLog(logger, $"{manifest.Id} {manifest.Version}", time);
        _ended = RunAsync();
    }

    /// <summary>Whether it has ended, or is about to.</summary>
    public bool IsOver => _isOver || _killedFor is not null;

    /// <summary>Whether it has ended and nobody has counted that yet; true once.</summary>
    public bool TryCountEnd() => IsOver && Interlocked.Exchange(ref _isCounted, 1) == 0;

    /// <summary>Starts a process and has it load the plugin.</summary>
    /// <returns>The process, and the descriptions of the plugin's analyzers.</returns>
    /// <exception cref="Loading.PluginLoadException">The plugin cannot be loaded.</exception>
    /// <exception cref="FailedPreconditionException">Child processes cannot be confined here as the settings ask.</exception>
    public static async Task<(WorkerProcess Worker, IReadOnlyList<AnalyzerDescription> Descriptions)> StartAsync(
        PluginHostOptions options, SandboxMode mode, PluginManifest manifest, string directory, IMedGenModel? model, TimeProvider time,
        ILogger logger, CancellationToken cancellationToken)
    {
        if (options.WorkerCommand.Count == 0)
        {
            throw new FailedPreconditionException("WORKER_MISSING", "This host was built without a program for plugins in a process of their own.");
        }

        ProcessSandbox sandbox = ProcessSandbox.For(mode);
        SandboxedCommand command = Command(options, directory);
        Process process = sandbox.Start(command);
        if (sandbox.KindFor(command) == SandboxKind.Bubblewrap)
        {
            Log.Isolated(logger, manifest.Id, manifest.Version, process.Id);
        }
        else
        {
            Log.IsolatedByLimitsAlone(logger, manifest.Id, manifest.Version, process.Id);
        }

        WorkerProcess worker = new(process, manifest, model, options.WorkerGrace, time, logger);
        try
        {
            LoadPlugin load = new(manifest, directory, model is not null, worker.LoadedModel());
            CallEnded loaded = await worker.AskAsync(load, cancellationToken).ConfigureAwait(false);
            return (worker, loaded.Descriptions ?? []);
        }
        catch
        {
            await worker.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Makes a call that has one answer.</summary>
    /// <exception cref="PluginCrashedException">The process ended before the call did.</exception>
    public async Task<CallEnded> AskAsync(WorkerMessage message, CancellationToken cancellationToken)
    {
        using WorkerCall call = Begin([]);
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

    /// <summary>Analyses clips.</summary>
    /// <inheritdoc cref="AskAsync" />
    public async IAsyncEnumerable<AnalysisUpdate> AnalyzeAsync(
        string task, AnalysisRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using WorkerCall call = Begin([.. request.Inputs.Select(input => input.Clip)]);
        try
        {
            Analyze.Input[] inputs = [.. request.Inputs.Select(input => new Analyze.Input(input.Role, input.Clip.Info, input.Clip.IsLive))];
            Analyze analyze = new(task, request.Parameters, inputs, LoadedModel()) { Call = call.Id };
            await SendAsync(analyze).WaitAsync(cancellationToken).ConfigureAwait(false);
            int read = 0;
            while (await call.Updates.NextAsync(cancellationToken).ConfigureAwait(false) is { } update)
            {
                yield return update;
                if (++read == UpdateQueue.Room / 2)
                {
                    await SendAsync(new NextUpdates(read) { Call = call.Id }).WaitAsync(cancellationToken).ConfigureAwait(false);
                    read = 0;
                }
            }

            await call.Ended.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await EndAsync(call).ConfigureAwait(false);
        }
    }

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
        _end.Dispose();
    }

    private static SandboxedCommand Command(PluginHostOptions options, string directory) => new()
    {
        Program = options.WorkerCommand[0],
        Arguments = [.. options.WorkerCommand.Skip(1)],
        Readable =
        [
            directory, .. options.WorkerCommand.Where(Path.IsPathRooted).Select(file => Path.GetDirectoryName(file)!).Append(RuntimeRoot).Distinct(),
        ],
        Environment = new Dictionary<string, string>
        {
            ["DOTNET_EnableDiagnostics"] = "0",
            ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1",
            ["HOME"] = "/tmp",
            ["OMP_NUM_THREADS"] = "1",
            ["DOTNET_ROOT"] = RuntimeRoot,
        },
        Limits = new SandboxLimits { AddressSpaceBytes = options.WorkerAddressSpaceBytes, CpuSeconds = int.MaxValue, FileBytes = 64 << 20 },
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

    // Null also where one is still being loaded.
    private ModelDescription? LoadedModel()
    {
        try
        {
            return _model is null ? null : _model.Description with { Lexicon = null, TrainingData = null };
        }
        catch (FailedPreconditionException)
        {
            return null;
        }
    }

    private WorkerCall Begin(IReadOnlyList<IVideoClip> clips)
    {
        WorkerCall call = new(Interlocked.Increment(ref _lastCall), clips, _channel);
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
        Task errors = _log.CopyAsync(_process.StandardError);
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
        string why = _killedFor ?? $"{how} with exit code {_process.ExitCode}";
        _isOver = true;
        foreach (WorkerCall call in _calls.Values)
        {
            call.Fail(Crashed(why));
        }

        await _end.CancelAsync().ConfigureAwait(false);
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

    private PluginCrashedException Crashed(string why) => new(_manifest.Id, _manifest.Version, why);

    private void Take(WorkerMessage message, byte[] payload)
    {
        if (message is LogLine line)
        {
            _log.Write(line);
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
            if (message is ExtractFeatures asked)
            {
                CancellationToken over = call.Over;
                if (Interlocked.Increment(ref _extractions) > MostExtractions)
                {
                    throw new InvalidDataException("It asks for the features of many clips at once.");
                }

                _ = ExtractAsync(asked, payload, over);
            }
            else
            {
                call.Take(message);
            }
        }
        catch (ObjectDisposedException)
        {
            // The call ended meanwhile.
        }
    }

    private async Task ExtractAsync(ExtractFeatures asked, byte[] pixels, CancellationToken over)
    {
        List<VideoFrame> frames = [];
        WorkerMessage answer;
        byte[] values = [];
        try
        {
            int size = checked(asked.Width * asked.Height * 3);
            for (int i = 0; i < asked.Count; i++)
            {
                frames.Add(VideoFrame.Wrap(pixels.AsSpan(i * size, size).ToArray(), asked.Width, asked.Height, i));
            }

            IMedGenModel model = _model ?? throw new FailedPreconditionException("MODEL_NOT_LOADED", "This host has no model.");
            ModelFeatures features = await model.ExtractFeaturesAsync(frames, asked.Layer, asked.Timestep, over).ConfigureAwait(false);
            values = MemoryMarshal.AsBytes(features.Values.Span).ToArray();
            answer = new Features(asked.Request, features.Layer, features.Shape, Error: null);
        }
        catch (Exception exception)
        {
            answer = new Features(asked.Request, asked.Layer, [], WorkerError.Of(exception));
        }

        // It counts until it is sent: answers that a worker does not read must not pile up.
        await SendAsync(answer, values).ConfigureAwait(false);
        Interlocked.Decrement(ref _extractions);
    }
}
