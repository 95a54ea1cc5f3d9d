using System.Diagnostics;
using System.Runtime.CompilerServices;
using MedGen.Application.Auditing;
using MedGen.Application.Jobs;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MedGen.Application.Plugins;

/// <summary>
/// Calls plugins: on a thread that nobody waits for, watched by a span and a duration, and ended when it is cancelled, whether the plugin obeys or
/// not.
/// </summary>
internal sealed class PluginCalls(
    IOptions<MedGenApplicationOptions> options, IPluginCallJournal journal, TimeProvider time, ILogger<PluginCalls> logger)
{
    /// <summary>Asks for an answer that comes item by item.</summary>
    /// <param name="lease">The plugin's service. When the plugin does not end, the lease is given up with it.</param>
    /// <param name="ask">The call.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="PluginAbandonedException">The plugin did not end within its grace.</exception>
    public async IAsyncEnumerable<TItem> StreamAsync<TService, TItem>(
        PluginLease<TService> lease, Func<TService, CancellationToken, IAsyncEnumerable<TItem>> ask,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where TService : class
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        lease.Rules?.Admit();
        using Call call = new(lease.PluginId, lease.PluginVersion, journal, time, logger);
        TService service = lease.Service;
        IAsyncEnumerator<TItem>? items = null;
        try
        {
            // Not inlined into the first MoveNext: a plugin may do its work before it returns the stream.
            items = await call.WatchAsync(
                () => EndAsync(lease, () => Task.FromResult(ask(service, stop.Token).GetAsyncEnumerator(stop.Token)), cancellationToken))
                .ConfigureAwait(false);
            while (await call.WatchAsync(() => EndAsync(lease, () => items.MoveNextAsync().AsTask(), cancellationToken)).ConfigureAwait(false))
            {
                // A plugin that ignores its token would otherwise be asked for ever.
                cancellationToken.ThrowIfCancellationRequested();
                yield return items.Current;
            }

            call.Outcome = MessageOutcome.Ok;
            lease.Report(wentWell: true);
        }
        finally
        {
            // A consumer who stops asking leaves the plugin in the middle of its work: it is told, and has its grace.
            await stop.CancelAsync().ConfigureAwait(false);
            if (items is not null && !lease.IsAbandoned)
            {
                await EndAsync(lease, () => items.DisposeAsync().AsTask().ContinueWith(ended => true, TaskScheduler.Default), stop.Token)
                    .ConfigureAwait(false);
            }
        }
    }

    /// <summary>Asks for an answer that comes at once, and is told to end when it takes longer than an answer may.</summary>
    /// <inheritdoc cref="StreamAsync" />
    /// <exception cref="PluginSilentException">The plugin did not answer in time, and ended when it was told to.</exception>
    public async Task<TAnswer> AskAsync<TService, TAnswer>(
        PluginLease<TService> lease, Func<TService, CancellationToken, Task<TAnswer>> ask, CancellationToken cancellationToken)
        where TService : class
    {
        lease.Rules?.Admit();
        using Call call = new(lease.PluginId, lease.PluginVersion, journal, time, logger);
        TService service = lease.Service;
        using CancellationTokenSource limit = new(options.Value.AnswerLimit, time);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        TAnswer answer = await call.WatchAsync(async () =>
        {
            try
            {
                return await EndAsync(lease, () => ask(service, stop.Token), stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                lease.Report(wentWell: false);
                throw new PluginSilentException(lease.PluginId, lease.PluginVersion, options.Value.AnswerLimit);
            }
        }).ConfigureAwait(false);
        call.Outcome = MessageOutcome.Ok;
        return answer;
    }

    /// <summary>Asks for no answer.</summary>
    /// <inheritdoc cref="StreamAsync" />
    public Task AskAsync<TService>(PluginLease<TService> lease, Func<TService, CancellationToken, Task> ask, CancellationToken cancellationToken)
        where TService : class => AskAsync(
            lease,
            async (service, token) =>
            {
                await ask(service, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken);

    private async Task<T> EndAsync<TService, T>(PluginLease<TService> lease, Func<Task<T>> work, CancellationToken cancellationToken)
        where TService : class
    {
        // On the pool: code that blocks its thread blocks that one, and not whoever waits here.
        Task<T> running = Task.Run(
            () =>
            {
                lease.Rules?.Enter();
                return work();
            },
            CancellationToken.None);
        try
        {
            return await running.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (MedGenException exception) when (lease.Rules is { } rules && Told(exception).Any(rules.HoldsSecret))
        {
            lease.Report(wentWell: false);
            throw new PluginSecretToldException(lease.PluginId, lease.PluginVersion);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or MedGenException { Code: not ErrorCode.Internal }))
        {
            // What the plugin refuses in words, or says of the caller's files, is no fault of its own.
            lease.Report(wentWell: false);
            throw;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            TimeSpan grace = options.Value.CancellationGrace;
            try
            {
                return await running.WaitAsync(grace, time, CancellationToken.None).ConfigureAwait(false);
            }
            catch (TimeoutException) when (!running.IsCompleted)
            {
                lease.Abandon(running);
                Log.PluginAbandoned(logger, lease.PluginId, lease.PluginVersion, grace.TotalSeconds);
                throw new PluginAbandonedException(lease.PluginId, lease.PluginVersion, grace);
            }
        }
    }

    // All that reaches a caller, and the job's record, of an error.
    private static IEnumerable<string> Told(MedGenException error) =>
    [
        error.Message, error.Reason, .. error.Metadata.SelectMany(pair => new[] { pair.Key, pair.Value }),
        .. (error as InvalidInputException)?.Violations.SelectMany(one => new[] { one.Field, one.Description }) ?? [],
    ];

    /// <summary>One call, from its start to its end.</summary>
    private sealed class Call : IDisposable
    {
        private readonly Activity? _activity = MedGenDiagnostics.Activities.StartActivity("PluginCall");
        private readonly string _plugin;
        private readonly string _version;
        private readonly TimeProvider _time;
        private readonly long _started;
        private readonly Action<bool> _ended;

        public Call(string plugin, string version, IPluginCallJournal journal, TimeProvider time, ILogger logger)
        {
            (_plugin, _version, _time, _started) = (plugin, version, time, time.GetTimestamp());
            _activity?.SetTag("plugin", plugin).SetTag("plugin_version", version);
            Log.PluginCalled(logger, plugin, version);
            _ended = journal.Begin(plugin, version, RunningJobs.Current);
        }

        /// <summary>How it ended; a consumer who stops asking counts as cancelled.</summary>
        public string Outcome { get; set; } = MessageOutcome.Cancelled;

        public async Task<T> WatchAsync<T>(Func<Task<T>> step)
        {
            try
            {
                return await step().ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                Outcome = MessageOutcome.Of(exception);
                throw;
            }
        }

        public void Dispose()
        {
            _ended(Outcome == MessageOutcome.Ok);
            TagList tags = new() { { "plugin", _plugin }, { "plugin_version", _version }, { "outcome", Outcome } };
            MedGenDiagnostics.PluginCallDuration.Record(_time.GetElapsedTime(_started).TotalSeconds, tags);
            _activity?.SetTag("outcome", Outcome)
                .SetStatus(Outcome == MessageOutcome.Ok ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
            _activity?.Dispose();
        }
    }
}
