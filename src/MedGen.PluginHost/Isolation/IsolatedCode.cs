using System.Runtime.CompilerServices;
using MedGen.PluginHost.Home;
using MedGen.PluginHost.Loading;
using MedGen.Sandbox;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Models;
using MedGen.Sdk.Plugins;
using Microsoft.Extensions.Logging;

namespace MedGen.PluginHost.Isolation;

/// <summary>
/// A plugin in a process of its own. When the process ends in the middle of a call, that call and those beside it fail, and the next one starts it
/// anew: at once the first time, later after a pause that doubles to a minute at most.
/// </summary>
/// <param name="home">What the plugin has of its own in this host.</param>
/// <param name="directory">Full path of the version folder.</param>
/// <param name="options">How workers are started.</param>
/// <param name="sandbox">How strictly they are confined.</param>
/// <param name="model">The host's model; null: there is none.</param>
/// <param name="time">Clock of the pauses.</param>
/// <param name="logger">Told when a process starts.</param>
internal sealed class IsolatedCode(
    PluginHome home, string directory, PluginHostOptions options, SandboxMode sandbox, IMedGenModel? model, TimeProvider time, ILogger logger)
    : IPluginCode, IDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly PluginManifest _manifest = home.Manifest;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private WorkerProcess? _worker;
    private DateTimeOffset _notBefore;
    private volatile int _crashes;
    private bool _isDisposed;

    /// <inheritdoc />
    public WeakReference? Context => null;

    /// <inheritdoc />
    public int Crashes => _crashes;

    /// <inheritdoc />
    public PluginSettings Settings { get; private set; } = PluginSettings.None;

    /// <inheritdoc />
    public async Task<IReadOnlyDictionary<PluginCapability, object>> LoadAsync(CancellationToken cancellationToken)
    {
        PluginTold told = await StartAsync(cancellationToken).ConfigureAwait(false);
        Settings = told.Settings;
        return _manifest.Capabilities.Where(capability => CapabilityKinds.All.Contains(capability.Kind)).ToDictionary(
            capability => capability, capability => PluginServices.Checked(capability, ServiceOf(capability, told)));
    }

    /// <inheritdoc />
    public Task TestAsync(CancellationToken cancellationToken) => _worker!.AskAsync(new TestPlugin(), [], cancellationToken);

    /// <summary>Makes a call that has one answer.</summary>
    /// <inheritdoc cref="WorkerProcess.AskAsync" />
    public async Task<CallEnded> AskAsync(WorkerMessage message, IReadOnlyList<IVideoClip> clips, CancellationToken cancellationToken)
    {
        WorkerProcess worker = await ReadyAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await worker.AskAsync(message, clips, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Served(worker);
        }
    }

    /// <summary>Makes a call that is answered update by update.</summary>
    /// <inheritdoc cref="WorkerProcess.StreamAsync" />
    public async IAsyncEnumerable<T> StreamAsync<T>(
        Func<ModelDescription?, WorkerMessage> message, ReadOnlyMemory<byte> payload, IReadOnlyList<IVideoClip> clips, Func<Update, byte[], T> read,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        WorkerProcess worker = await ReadyAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            WorkerMessage asked = message(worker.LoadedModel());
            await foreach (T update in worker.StreamAsync(asked, payload, clips, read, cancellationToken).ConfigureAwait(false))
            {
                yield return update;
            }

            _crashes = 0;
        }
        finally
        {
            Served(worker);
        }
    }

    private object ServiceOf(PluginCapability capability, PluginTold told) => capability.Kind switch
    {
        CapabilityKinds.Generation when told.Generator is { } generator => new IsolatedGenerator(this, generator),
        CapabilityKinds.Augmentation when told.Augmenter is { } augmenter => new IsolatedAugmenter(this, augmenter),
        CapabilityKinds.Analysis when told.Analyzers.FirstOrDefault(one => one.Task == capability.Task) is { } analyzer =>
            new IsolatedAnalyzer(this, analyzer),
        _ => throw new PluginLoadException("load", $"Its process said nothing of {PluginServices.Describe(capability)}."),
    };

    /// <summary>The worker, started anew if it has ended.</summary>
    /// <exception cref="UnavailableException">It ended a short while ago.</exception>
    private async Task<WorkerProcess> ReadyAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_worker is { IsOver: false } running)
            {
                return running;
            }

            TimeSpan pause = _notBefore - time.GetUtcNow();
            if (pause > TimeSpan.Zero)
            {
                throw new UnavailableException(
                    "PLUGIN_RESTARTS",
                    $"The process of the plugin '{_manifest.Id}' {_manifest.Version} ended {_crashes} times in a row; it is started again in "
                        + $"{Math.Ceiling(pause.TotalSeconds)} s.",
                    pause);
            }

            // Not one caller's to give up: others wait for it.
            using CancellationTokenSource limit = new(options.SelfTestLimit, time);
            await StartAsync(limit.Token).ConfigureAwait(false);
            return _worker!;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Crashed();
            throw new FailedPreconditionException(
                "PLUGIN_REFUSED",
                $"The plugin '{_manifest.Id}' {_manifest.Version} was not loaded again within {options.SelfTestLimit.TotalSeconds:0.###} s.");
        }
        catch (PluginLoadException exception)
        {
            Crashed();
            throw new FailedPreconditionException(
                "PLUGIN_REFUSED", $"The plugin '{_manifest.Id}' {_manifest.Version} cannot be started again. {exception.Message}", exception);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>A call has ended; when its process has, too, that counts once for all calls in it.</summary>
    private void Served(WorkerProcess worker)
    {
        if (worker.TryCountEnd())
        {
            Crashed();
        }
    }

    /// <inheritdoc />
    public async Task DisposeServicesAsync()
    {
        _isDisposed = true;
        await EndWorkerAsync().ConfigureAwait(false);
    }

    private async Task EndWorkerAsync()
    {
        if (Interlocked.Exchange(ref _worker, null) is { } worker)
        {
            await worker.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public void Unload() => Dispose();

    public void Dispose() => _gate.Dispose();

    private void Crashed()
    {
        int crashes = Interlocked.Increment(ref _crashes);
        double pause = crashes < 2 ? 0 : Math.Min(Math.Pow(2, crashes - 2), LongestPause.TotalSeconds);
        _notBefore = time.GetUtcNow().AddSeconds(pause);
    }

    private async Task<PluginTold> StartAsync(CancellationToken cancellationToken)
    {
        await EndWorkerAsync().ConfigureAwait(false);
        try
        {
            (_worker, PluginTold told) = await WorkerProcess.StartAsync(
                options, sandbox, home, directory, model, time, logger, cancellationToken).ConfigureAwait(false);
            if (_isDisposed)
            {
                await EndWorkerAsync().ConfigureAwait(false);
                throw new PluginLoadException("isolation", "It was unloaded while it was loaded.");
            }

            return told;
        }
        catch (WorkerCallException exception)
        {
            throw new PluginLoadException("load", exception.Message);
        }
        catch (MedGenException exception)
        {
            throw new PluginLoadException("isolation", exception.Message);
        }
    }
}
