using MedGen.Sdk.Errors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MedGen.Application.Auditing;

/// <summary>
/// What callers cause goes through here into the log. Each change that was made is an entry. What can be repeated at no cost, looking and being
/// refused, is an entry when it happens first; repeats within a minute are counted and written as one more, so nobody can make the log grow at will.
/// </summary>
internal sealed class AuditTrail(IAuditLog log, TimeProvider time, ILogger<AuditTrail> logger) : BackgroundService, IAuditTrail
{
    // Beyond this many different things at once, the rest is counted together.
    private const int MostKept = 1000;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<AuditEntry, (long Since, int Repeats)> _recent = [];

    public Task RecordAsync(AuditEntry entry)
    {
        bool isRepeatable = entry.Kind is AuditKind.Read or AuditKind.Login || entry.Outcome != MessageOutcome.Ok;
        if (entry.Kind is AuditKind.Read or AuditKind.Login or AuditKind.Administration && log.IsReadOnly)
        {
            // A host that only looks cannot note that it did.
            return Task.CompletedTask;
        }

        if (isRepeatable && IsRepeat(ref entry))
        {
            return Task.CompletedTask;
        }

        // Not a caller's token: what was done is written down also when the caller has left.
        return log.AppendAsync(entry, CancellationToken.None);
    }

    /// <summary>Writes the counts of what has been repeated since its first entry a minute ago.</summary>
    /// <param name="all">Also of what came first within the last minute.</param>
    /// <exception cref="ResourceExhaustedException">The disk is full; the counts are kept.</exception>
    public async Task FlushAsync(bool all)
    {
        while (TakeDue(all) is { } due)
        {
            try
            {
                await log.AppendAsync(due, CancellationToken.None).ConfigureAwait(false);
            }
            catch
            {
                PutBack(due);
                throw;
            }
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        await FlushAsync(all: true).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Window / 4, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                await FlushWhenPossibleAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The stop writes what is left.
        }
    }

    private async Task FlushWhenPossibleAsync()
    {
        try
        {
            await FlushAsync(all: false).ConfigureAwait(false);
        }
        catch (ResourceExhaustedException exception)
        {
            Log.AuditHeld(logger, exception.Reason);
        }
    }

    private AuditEntry? TakeDue(bool all)
    {
        lock (_lock)
        {
            foreach ((AuditEntry entry, (long since, int repeats)) in _recent)
            {
                if (all || time.GetElapsedTime(since) >= Window)
                {
                    _recent.Remove(entry);
                    if (repeats > 0)
                    {
                        return entry with { Count = repeats };
                    }
                }
            }

            return null;
        }
    }

    private void PutBack(AuditEntry due)
    {
        lock (_lock)
        {
            AuditEntry entry = due with { Count = 1 };
            (long since, int repeats) = _recent.GetValueOrDefault(entry, (time.GetTimestamp(), 0));
            _recent[entry] = (since, repeats + due.Count);
        }
    }

    private bool IsRepeat(ref AuditEntry entry)
    {
        lock (_lock)
        {
            if (!_recent.ContainsKey(entry) && _recent.Count >= MostKept)
            {
                entry = entry with { Caller = AuditEntry.Many, Address = AuditEntry.Many, Subject = "" };
            }

            if (_recent.TryGetValue(entry, out (long Since, int Repeats) seen))
            {
                _recent[entry] = (seen.Since, seen.Repeats + 1);
                return true;
            }

            _recent[entry] = (time.GetTimestamp(), 0);
            return false;
        }
    }
}
