using System.Collections.Concurrent;
using MedGen.PluginHost.Home;
using MedGen.PluginHost.Loading;
using MedGen.Sdk.Models;
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
    private WorkerServices? _services;

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
                Serve(test, call => DoneAsync(_code!.TestAsync(call.Token)));
                break;
            case CancelCall cancel:
                _calls.GetValueOrDefault(cancel.Call)?.Cancel();
                break;
            case Features or ModelSaid or AdapterDescribed:
                _model?.Take(message, payload);
                break;
            case ValidateAnalysis or Analyze or ValidateGeneration or Generate or ValidateMethod or AskAdapter or AskCaptions or Augment:
                Serve(message, call => _services!.ServeAsync(message, payload, call));
                break;
            default:
                Give(message, payload);
                break;
        }
    }

    private static async Task<CallEnded> DoneAsync(Task work)
    {
        await work.ConfigureAwait(false);
        return new CallEnded(Error: null);
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
    private void Serve(WorkerMessage message, Func<WorkerSideCall, Task<CallEnded>> work)
    {
        WorkerSideCall call = new(message.Call, _channel);
        _calls[call.Id] = call;
        _ = Task.Run(async () =>
        {
            call.Enter();
            CallEnded ended;
            try
            {
                ended = await work(call).ConfigureAwait(false);
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

    private Task<CallEnded> LoadAsync(LoadPlugin load)
    {
        ServiceCollection services = new();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<ILoggerFactory>(new WorkerLoggerFactory(_channel, load.LeastLevel));
        if (load.HasModel)
        {
            _model = new WorkerModel(_channel) { Loaded = load.Model };
            services.AddSingleton<IMedGenModel>(_model);
        }

        _lend(services);
        ServiceProvider lender = services.BuildServiceProvider();
        _code = new LoadedCode(
            PluginHome.Context(load.Manifest, load.Directory, load.Settings, load.Secrets, load.DataFolder, load.HostVersion, lender),
            PluginServices.Lend(lender, new PluginHostOptions().LentServices, home: null));
        _services = new WorkerServices(_code.Load(), _model);
        return Task.FromResult(new CallEnded(Error: null, _services.Describe(_code.Settings)));
    }
}
