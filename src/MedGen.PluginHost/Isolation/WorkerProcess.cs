using System.Collections.Concurrent;
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
    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly WorkerChannel _channel;
    private readonly WorkerLog _log;
    private readonly PluginManifest _manifest;
    private readonly IMedGenModel? _model;
    private readonly TimeSpan _grace;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<int, WorkerCall> _calls = [];
    private readonly Task<string> _ended;
    private int _lastCall;
    private string? _killedFor;

    private WorkerProcess(Process process, PluginManifest manifest, IMedGenModel? model, TimeSpan grace, TimeProvider time, ILogger logger)
    {
        (_process, _manifest, _model, _grace, _time) = (process, manifest, model, grace, time);
        _channel = new WorkerChannel(process.StandardOutput.BaseStream, process.StandardInput.BaseStream);
        _log = new WorkerLog(logger, $"{manifest.Id} {manifest.Version}", time);
        _ended = RunAsync();
    }

    /// <summary>Whether it has ended, or is about to.</summary>
    public bool IsOver => _ended.IsCompleted || _killedFor is not null;

    /// <summary>Starts a process and has it load the plugin.</summary>
    /// <returns>The process, and the descriptions of the plugin's analyzers.</returns>
    /// <exception cref="Loading.PluginLoadException">The plugin cannot be loaded.</exception>
    /// <exception cref="FailedPreconditionException">Child processes cannot be confined here as the settings ask.</exception>
    public static async Task<(WorkerProcess Worker, IReadOnlyList<AnalyzerDescription> Descriptions)> StartAsync(
        PluginHostOptions options, PluginManifest manifest, string directory, IMedGenModel? model, TimeProvider time, ILogger logger,
        CancellationToken cancellationToken)
    {
        if (options.WorkerCommand.Count == 0)
        {
            throw new FailedPreconditionException("WORKER_MISSING", "This host was built without a program for plugins in a process of their own.");
        }

        ProcessSandbox sandbox = ProcessSandbox.For(options.WorkerSandbox);
        SandboxedCommand command = Command(options, directory);
        Process process = sandbox.Start(command);
        Log.Isolated(logger, manifest.Id, manifest.Version, process.Id, sandbox.KindFor(command).ToString());
        WorkerProcess worker = new(process, manifest, model, options.WorkerGrace, time, logger);
        try
        {
            ModelDescription? known = model?.Description is { } description ? description with { Lexicon = null, TrainingData = null } : null;
            CallEnded loaded = await worker.AskAsync(new LoadPlugin(manifest, directory, known), cancellationToken).ConfigureAwait(false);
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
            await SendAsync(message with { Call = call.Id }).ConfigureAwait(false);
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
            await SendAsync(new Analyze(task, request.Parameters, inputs) { Call = call.Id }).ConfigureAwait(false);
            await foreach (AnalysisUpdate update in call.Updates.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return update;
            }

            await call.Ended.ConfigureAwait(false);
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
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended already.
        }
    }

    /// <summary>Has the process end: by the end of its input, and if it does not by force.</summary>
    public async ValueTask DisposeAsync()
    {
        Interlocked.CompareExchange(ref _killedFor, "the host has done with it", null);
        await _end.CancelAsync().ConfigureAwait(false);
        _process.StandardInput.Close();
        try
        {
            await _ended.WaitAsync(ExitLimit, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
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

    private WorkerCall Begin(IReadOnlyList<IVideoClip> clips)
    {
        WorkerCall call = new(Interlocked.Increment(ref _lastCall), clips, _channel);
        _calls[call.Id] = call;
        if (_ended.IsCompleted)
        {
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
                await SendAsync(new CancelCall { Call = call.Id }).ConfigureAwait(false);
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

    private async Task<string> RunAsync()
    {
        Task errors = _log.CopyAsync(_process.StandardError);
        string why;
        try
        {
            while (await _channel.ReadAsync().ConfigureAwait(false) is var (message, payload))
            {
                await TakeAsync(message, payload).ConfigureAwait(false);
            }

            why = "it ended";
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or ObjectDisposedException)
        {
            why = exception is InvalidDataException ? exception.Message : "the line to it broke";
            Kill(why);
        }

        await _end.CancelAsync().ConfigureAwait(false);
        await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        await errors.ConfigureAwait(false);
        why = _killedFor ?? $"{why} with exit code {_process.ExitCode}";
        foreach (WorkerCall call in _calls.Values)
        {
            call.Fail(Crashed(why));
        }

        return why;
    }

    private PluginCrashedException Crashed(string why) => new(_manifest.Id, _manifest.Version, why);

    private async Task TakeAsync(WorkerMessage message, byte[] payload)
    {
        switch (message)
        {
            case LogLine line:
                _log.Write(line);
                break;
            case ExtractFeatures asked:
                _ = ExtractAsync(asked, payload);
                break;

            case var _ when _calls.TryGetValue(message.Call, out WorkerCall? call):
                await call.TakeAsync(message, _end.Token).ConfigureAwait(false);
                break;
            default:
                // It crossed the end of its call.
                break;
        }
    }

    private async Task ExtractAsync(ExtractFeatures asked, byte[] pixels)
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
            ModelFeatures features = await model.ExtractFeaturesAsync(frames, asked.Layer, asked.Timestep, _end.Token).ConfigureAwait(false);
            values = MemoryMarshal.AsBytes(features.Values.Span).ToArray();
            answer = new Features(asked.Request, features.Layer, features.Shape, Error: null);
        }
        catch (Exception exception)
        {
            answer = new Features(asked.Request, asked.Layer, [], WorkerError.Of(exception));
        }

        await SendAsync(answer, values).ConfigureAwait(false);
    }
}
