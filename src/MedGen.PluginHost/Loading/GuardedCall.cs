using System.Reflection;

namespace MedGen.PluginHost.Loading;

/// <summary>Runs a plugin's code on a thread of its own with a time limit, and turns what goes wrong into text.</summary>
internal static class GuardedCall
{
    /// <summary>Runs the code.</summary>
    /// <param name="check">Check that fails when the code fails.</param>
    /// <param name="what">Name of the step, the start of a sentence.</param>
    /// <param name="work">The code; its token is cancelled when the limit has passed.</param>
    /// <param name="limit">Time that the code gets. After it the call returns; code that ignores its token stays behind on its thread.</param>
    /// <param name="time">Clock of the limit.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="PluginLoadException">The code threw, or did not finish in time.</exception>
    public static async Task RunAsync(
        string check, string what, Func<CancellationToken, Task> work, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        var stop = new CancellationTokenSource();
        Task running = Task.Factory.StartNew(
            () => work(stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
        try
        {
            await running.WaitAsync(limit, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (running.IsFaulted && e is not PluginLoadException)
        {
            Exception cause = e is TargetInvocationException { InnerException: { } inner } ? inner : e;
            throw new PluginLoadException(check, $"{what} threw {cause.GetType().Name}: {cause.Message}");
        }
        catch (OperationCanceledException) when (running.IsCanceled && !cancellationToken.IsCancellationRequested)
        {
            throw new PluginLoadException(check, $"{what} cancelled itself.");
        }
        catch (TimeoutException)
        {
            throw new PluginLoadException(check, $"{what} did not finish within {limit.TotalSeconds:0.###} s.");
        }
        finally
        {
            if (!running.IsCompleted)
            {
                // Not awaited: the plugin's own cancellation callbacks run in it, and they may hang or throw as well.
                _ = stop.CancelAsync();
            }
        }
    }
}
