using System.Collections.Concurrent;
using MedGen.PluginHost.Loading;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Models;
using MedGen.Sdk.Plugins;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MedGen.PluginHost.Isolation.Worker;

/// <summary>
/// The worker's side: a process that loads one plugin and serves its calls over standard input and output. What is printed goes to standard error. It
/// ends when its input does.
/// </summary>
public sealed class PluginWorker
{
    // The host's messages are trusted; a frame is as large as the host decodes.
    private const int MostMessageBytes = 64 << 20;
    private const int MostFrameBytes = 512 << 20;

    private readonly WorkerChannel _channel;
    private readonly Action<IServiceCollection> _lend;
    private readonly ConcurrentDictionary<int, WorkerSideCall> _calls = [];
    private LoadedCode? _code;
    private WorkerModel? _model;
    private IReadOnlyDictionary<string, IVideoAnalyzer> _analyzers = new Dictionary<string, IVideoAnalyzer>();

    private PluginWorker(WorkerChannel channel, Action<IServiceCollection> lend) => (_channel, _lend) = (channel, lend);

    /// <summary>Serves until the host closes the line.</summary>
    /// <param name="input">Standard input; standard output is taken for the answers.</param>
    /// <param name="lend">Adds what the plugin may borrow beside log, clock and model: a device executor.</param>
    /// <returns>Completes when the line is closed; the process should end then, whatever the plugin still does.</returns>
    public static async Task RunAsync(Stream input, Action<IServiceCollection> lend)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(lend);
        using WorkerChannel channel = new(input, ProtocolOutput.Take(), MostMessageBytes, MostFrameBytes);
        PluginWorker worker = new(channel, lend);
        while (await channel.ReadAsync().ConfigureAwait(false) is var (message, payload))
        {
            worker.Take(message, payload);
        }
    }

    private void Take(WorkerMessage message, byte[] payload)
    {
        switch (message)
        {
            case LoadPlugin load:
                Serve(load, _ => LoadAsync(load));
                break;
            case TestPlugin test:
                Serve(test, async call =>
                {
                    await _code!.TestAsync(call.Token).ConfigureAwait(false);
                    return null;
                });
                break;
            case ValidateAnalysis validate:
                Serve(validate, async call =>
                {
                    AnalysisRequest request = new() { Parameters = validate.Parameters };
                    await AnalyzerOf(validate.Task).ValidateAsync(request, call.Token).ConfigureAwait(false);
                    return null;
                });
                break;
            case Analyze analyze:
                Serve(analyze, call => AnalyzeAsync(analyze, call));
                break;
            case CancelCall cancel:
                _calls.GetValueOrDefault(cancel.Call)?.Cancel();
                break;
            case Features features:
                _model?.Take(features, payload);
                break;
            default:
                Give(message, payload);
                break;
        }
    }

    private void Give(WorkerMessage message, byte[] payload)
    {
        try
        {
            _calls.GetValueOrDefault(message.Call)?.Take(message, payload);
        }
        catch (ObjectDisposedException)
        {
            // The call has ended meanwhile.
        }
    }

    // On the pool, each: a call that blocks its thread blocks no other.
    private void Serve(WorkerMessage message, Func<WorkerSideCall, Task<IReadOnlyList<AnalyzerDescription>?>> work)
    {
        WorkerSideCall call = new(message.Call, _channel);
        _calls[call.Id] = call;
        _ = Task.Run(async () =>
        {
            call.Enter();
            CallEnded ended;
            try
            {
                ended = new CallEnded(Error: null, await work(call).ConfigureAwait(false));
            }
            catch (Exception exception)
            {
                ended = new CallEnded(WorkerError.Of(exception));
            }

            _calls.TryRemove(call.Id, out _);
            call.Dispose();
            await _channel.SendAsync(ended with { Call = call.Id }).ConfigureAwait(false);
        });
    }

    private Task<IReadOnlyList<AnalyzerDescription>?> LoadAsync(LoadPlugin load)
    {
        ServiceCollection services = new();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<ILoggerFactory>(new WorkerLoggerFactory(_channel));
        if (load.HasModel)
        {
            _model = new WorkerModel(_channel) { Loaded = load.Model };
            services.AddSingleton<IMedGenModel>(_model);
        }

        _lend(services);
        _code = new LoadedCode(load.Manifest, load.Directory, services.BuildServiceProvider(), new PluginHostOptions().LentServices);
        IReadOnlyDictionary<PluginCapability, object> offered = _code.Load();
        _analyzers = offered.ToDictionary(pair => pair.Key.Task!, pair => (IVideoAnalyzer)pair.Value);
        return Task.FromResult<IReadOnlyList<AnalyzerDescription>?>([.. _analyzers.Values.Select(analyzer => analyzer.Describe())]);
    }

    private async Task<IReadOnlyList<AnalyzerDescription>?> AnalyzeAsync(Analyze asked, WorkerSideCall call)
    {
        _model?.Loaded = asked.Model;
        AnalysisRequest request = new()
        {
            Inputs = [.. asked.Inputs.Select((input, i) => new InputClip { Role = input.Role, Clip = new WorkerClip(call, i, input) })],
            Parameters = asked.Parameters,
        };
        await foreach (AnalysisUpdate update in AnalyzerOf(asked.Task).AnalyzeAsync(request, call.Token).ConfigureAwait(false))
        {
            Update message = update switch
            {
                AnalysisProgress progress => new Update(Progress: progress),
                InterimFindings interim => new Update(Interim: interim),
                FinalFindings final => new Update(Final: final),
                AnalysisCompleted completed => new Update(Completed: completed),
                _ => throw new InvalidOperationException($"The plugin gave {update?.GetType().Name ?? "null"} as an update."),
            };
            await call.UpdateRoomAsync().ConfigureAwait(false);
            await _channel.SendAsync(message with { Call = call.Id }).ConfigureAwait(false);
        }

        return null;
    }

    private IVideoAnalyzer AnalyzerOf(string task) => _analyzers[task];
}
