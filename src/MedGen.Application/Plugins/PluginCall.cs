using System.Diagnostics;
using MedGen.Application.Auditing;
using MedGen.Application.Streaming;

namespace MedGen.Application.Plugins;

/// <summary>A span and a duration for each answer of a plugin.</summary>
internal sealed class PluginCall
{
    private readonly Activity? _activity = MedGenDiagnostics.Activities.StartActivity("PluginCall");
    private readonly string _plugin;
    private readonly TimeProvider _time;
    private readonly long _started;

    private PluginCall(string plugin, string version, TimeProvider time)
    {
        (_plugin, _time, _started) = (plugin, time, time.GetTimestamp());
        _activity?.SetTag("plugin", plugin).SetTag("plugin_version", version);
    }

    /// <summary>Watches an answer that comes item by item.</summary>
    public static IAsyncEnumerable<TItem> Watch<TService, TItem>(
        PluginLease<TService> lease, IAsyncEnumerable<TItem> answer, TimeProvider time)
        where TService : class
    {
        PluginCall call = new(lease.PluginId, lease.PluginVersion, time);
        return (IAsyncEnumerable<TItem>)new StreamedAnswer<TItem>(answer).Watched(outcome =>
        {
            call.End(outcome);
            return Task.CompletedTask;
        });
    }

    /// <summary>Watches an answer that comes at once.</summary>
    public static async Task<TAnswer> WatchAsync<TService, TAnswer>(PluginLease<TService> lease, Func<TService, Task<TAnswer>> ask, TimeProvider time)
        where TService : class
    {
        PluginCall call = new(lease.PluginId, lease.PluginVersion, time);
        string outcome = MessageOutcome.Ok;
        try
        {
            return await ask(lease.Service).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            outcome = MessageOutcome.Of(exception);
            throw;
        }
        finally
        {
            call.End(outcome);
        }
    }

    private void End(string outcome)
    {
        TagList tags = new() { { "plugin", _plugin }, { "outcome", outcome } };
        MedGenDiagnostics.PluginCallDuration.Record(_time.GetElapsedTime(_started).TotalSeconds, tags);
        _activity?.SetTag("outcome", outcome).SetStatus(outcome == MessageOutcome.Ok ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
        _activity?.Dispose();
    }
}
