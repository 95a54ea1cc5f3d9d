using MedGen.PluginHost.Checks;
using MedGen.PluginHost.Home;
using MedGen.PluginHost.Isolation;
using MedGen.Sdk.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MedGen.PluginHost.Loading;

/// <summary>Brings checked plugins into memory and out of it again, with time limits on the plugin's own code.</summary>
internal sealed class PluginLoading(IServiceProvider host, IOptions<PluginHostOptions> options, TimeProvider time, ILogger<PluginLoading> logger)
{
    private static readonly int[] CollectionPauses = [0, 10, 20, 50, 100, 200, 400, 800, 1600, 1600];

    /// <summary>Loads a plugin and runs its self-test.</summary>
    /// <param name="report">A good report.</param>
    /// <param name="onLoaded">Called between loading and the self-test.</param>
    /// <param name="cancellationToken">Gives up; what is loaded so far is unloaded.</param>
    /// <returns>An instance that is ready to serve.</returns>
    /// <exception cref="PluginLoadException">The plugin's code failed; it is unloaded again.</exception>
    public async Task<PluginInstance> LoadAsync(PluginFolderReport report, Action onLoaded, CancellationToken cancellationToken)
    {
        PluginHome home = PluginHome.Of(report.Manifest!, options.Value, host.GetService<ILoggerFactory>(), time);
        var instance = new PluginInstance(report, CodeOf(report, home), home);
        TimeSpan limit = options.Value.SelfTestLimit;
        try
        {
            await GuardedCall.RunAsync("load", "Loading", instance.LoadAsync, limit, time, cancellationToken).ConfigureAwait(false);
            onLoaded();
            await GuardedCall.RunAsync("selfTest", "The self-test", instance.TestAsync, limit, time, cancellationToken).ConfigureAwait(false);
            return instance;
        }
        catch (PluginLoadException exception) when (home.HoldsSecret(exception.Message))
        {
            await DisposeAsync(instance).ConfigureAwait(false);
            throw new PluginLoadException(exception.Check, home.Conceal(exception.Message));
        }
        catch
        {
            await DisposeAsync(instance).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Disposes an instance's services and starts its unload. Never throws: a failing Dispose of the plugin is logged.</summary>
    /// <param name="instance">An instance without leases.</param>
    public async Task DisposeAsync(PluginInstance instance)
    {
        try
        {
            await GuardedCall.RunAsync(
                "unload", "Disposing", _ => instance.DisposeServicesAsync(), options.Value.SelfTestLimit, time, CancellationToken.None)
                .ConfigureAwait(false);
        }
        catch (PluginLoadException e)
        {
            Log.DisposeFailed(logger, instance.Manifest.Id, instance.Manifest.Version, instance.Home.Conceal(e.Message));
        }

        instance.Unload();
        instance.Home.Data?.Leave();
    }

    /// <summary>Waits until the runtime has collected a load context, for some seconds at most.</summary>
    /// <param name="context">The context of an unloaded instance; null: it had none in this process.</param>
    /// <returns>Whether it is gone; when not, something outside the plugin still refers to it.</returns>
    public async Task<bool> IsCollectedAsync(WeakReference? context)
    {
        if (context is null)
        {
            return true;
        }

        foreach (int pause in CollectionPauses)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(pause), time).ConfigureAwait(false);
            ReflectionCaches.Clear();
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            if (!context.IsAlive)
            {
                return true;
            }
        }

        return false;
    }

    private IPluginCode CodeOf(PluginFolderReport report, PluginHome home)
    {
        (PluginHostOptions settings, string directory) = (options.Value, report.Folder.Path);
        return settings.RunsIsolated(report)
            ? new IsolatedCode(home, directory, settings, settings.SandboxFor(report), host.GetService<IMedGenModel>(), time, logger)
            : new LoadedCode(home.Context(directory, host), PluginServices.Lend(host, settings.LentServices, home));
    }
}
