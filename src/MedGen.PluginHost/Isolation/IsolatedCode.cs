using MedGen.PluginHost.Loading;
using MedGen.Sandbox;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Models;
using MedGen.Sdk.Plugins;
using Microsoft.Extensions.Logging;

namespace MedGen.PluginHost.Isolation;

/// <summary>
/// A plugin in a process of its own. When the process ends in the middle of a call, that call and those beside it fail, and the next one starts it
/// anew: at once the first time, later after a pause that doubles to a minute at most.
/// </summary>
/// <param name="manifest">The checked manifest.</param>
/// <param name="directory">Full path of the version folder.</param>
/// <param name="options">How workers are started.</param>
/// <param name="sandbox">How strictly they are confined.</param>
/// <param name="model">The host's model; null: there is none.</param>
/// <param name="time">Clock of the pauses.</param>
/// <param name="logger">Gets what the plugin logs and prints.</param>
internal sealed class IsolatedCode(
    PluginManifest manifest, string directory, PluginHostOptions options, SandboxMode sandbox, IMedGenModel? model, TimeProvider time, ILogger logger)
    : IPluginCode, IDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

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
    public async Task<IReadOnlyDictionary<PluginCapability, object>> LoadAsync(CancellationToken cancellationToken)
    {
        if (manifest.Capabilities.FirstOrDefault(capability => capability.Kind != CapabilityKinds.Analysis) is { } other)
        {
            throw new PluginLoadException(
                "isolation",
                $"It offers {PluginServices.Describe(other)}; from a process of their own plugins can offer {CapabilityKinds.Analysis} only.");
        }

        IReadOnlyList<AnalyzerDescription> descriptions = await StartAsync(cancellationToken).ConfigureAwait(false);
        Dictionary<PluginCapability, object> services = [];
        foreach (PluginCapability capability in manifest.Capabilities)
        {
            AnalyzerDescription description = descriptions.Single(one => one.Task == capability.Task);
            if (description.Outputs.Any(output => output.Kind == OutputKind.Artifact))
            {
                throw new PluginLoadException(
                    "isolation", "It finds artifacts, which are files; from a process of its own it cannot hand any over.");
            }

            services[capability] = PluginServices.Checked(capability, new IsolatedAnalyzer(this, description));
        }

        return services;
    }

    /// <inheritdoc />
    public Task TestAsync(CancellationToken cancellationToken) => _worker!.AskAsync(new TestPlugin(), cancellationToken);

    /// <summary>The worker, started anew if it has ended.</summary>
    /// <exception cref="UnavailableException">It ended a short while ago.</exception>
    public async Task<WorkerProcess> ReadyAsync(CancellationToken cancellationToken)
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
                    $"The process of the plugin '{manifest.Id}' {manifest.Version} ended {_crashes} times in a row; it is started again in "
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
                $"The plugin '{manifest.Id}' {manifest.Version} was not loaded again within {options.SelfTestLimit.TotalSeconds:0.###} s.");
        }
        catch (PluginLoadException exception)
        {
            Crashed();
            throw new FailedPreconditionException(
                "PLUGIN_REFUSED", $"The plugin '{manifest.Id}' {manifest.Version} cannot be started again. {exception.Message}", exception);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>A call has ended; when its process has, too, that counts once for all calls in it.</summary>
    public void Served(WorkerProcess worker)
    {
        if (worker.TryCountEnd())
        {
            Crashed();
        }
    }

    /// <summary>An analysis was completed.</summary>
    public void Completed() => _crashes = 0;

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

    private async Task<IReadOnlyList<AnalyzerDescription>> StartAsync(CancellationToken cancellationToken)
    {
        await EndWorkerAsync().ConfigureAwait(false);
        try
        {
            (_worker, IReadOnlyList<AnalyzerDescription> descriptions) = await WorkerProcess.StartAsync(
                options, sandbox, manifest, directory, model, time, logger, cancellationToken).ConfigureAwait(false);
            if (_isDisposed)
            {
                await EndWorkerAsync().ConfigureAwait(false);
                throw new PluginLoadException("isolation", "It was unloaded while it was loaded.");
            }

            return descriptions;
        }
        catch (WorkerCallException exception)
        {
            throw new PluginLoadException("load", exception.Type == nameof(PluginLoadException) ? exception.Text : exception.Message);
        }
        catch (MedGenException exception)
        {
            throw new PluginLoadException("isolation", exception.Message);
        }
    }
}
