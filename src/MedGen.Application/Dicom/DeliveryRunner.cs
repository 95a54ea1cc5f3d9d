using MedGen.Application.Artifacts;
using MedGen.Application.Auditing;
using MedGen.Application.Dicom.Rules;
using MedGen.Dicom.Web;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MedGen.Application.Dicom;

/// <summary>
/// Brings what waits in the outbox to the archives. A delivery ends when the archive lists the instance, or refuses it for good. What may pass is
/// tried again after 5 s, then twice as long each time up to 10 min, for as long as it takes; meanwhile other archives are served.
/// </summary>
internal sealed class DeliveryRunner(
    IDicomStore store, IArtifactStore artifacts, IDicomRules rules, IAuditLog audit, StudyClock studies, TimeProvider time,
        ILogger<DeliveryRunner> logger)
    : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Dictionary<string, Task> busy = new(StringComparer.Ordinal);
        while (!stoppingToken.IsCancellationRequested)
        {
            DicomDelivery? next = null;
            try
            {
                next = rules.Current is null ? null
                    : await store.FindDueDeliveryAsync(time.GetUtcNow(), [.. busy.Keys], stoppingToken).ConfigureAwait(false);
            }
            catch (MedGenException error)
            {
                Log.DeliveryHeld(logger, "", error.Reason);
            }

            foreach (string archive in busy.Where(one => one.Value.IsCompleted).Select(one => one.Key).ToList())
            {
                busy.Remove(archive);
            }

            // One call at a time to each archive: one that hangs holds up nobody else.
            if (next is { } delivery)
            {
                busy[delivery.Archive] = DeliverAsync(delivery, stoppingToken);
            }
            else
            {
                await Task.WhenAny([.. busy.Values, Task.Delay(Look, time, stoppingToken)]).ConfigureAwait(false);
            }
        }

        await Task.WhenAny(Task.WhenAll(busy.Values), Task.Delay(First, time, CancellationToken.None)).ConfigureAwait(false);
    }

    private async Task DeliverAsync(DicomDelivery delivery, CancellationToken cancellationToken)
    {
        DicomDelivery ended;
        try
        {
            ended = await TryAsync(delivery, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            ended = PutOff(delivery, (error as MedGenException)?.Reason ?? error.GetType().Name, (error as MedGenException)?.RetryAfter);
        }

        try
        {
            await store.SaveDeliveryAsync(ended, time.GetUtcNow(), CancellationToken.None).ConfigureAwait(false);
            if (ended.State != DicomDeliveryState.Waiting)
            {
                AuditEntry entry = new()
                {
                    Caller = AuditEntry.System, Action = "DicomDelivered", Subject = $"artifact:{delivery.ArtifactId} archive:{delivery.Archive}",
                    Tenant = delivery.Tenant, Outcome = ended.Failure ?? MessageOutcome.Ok, Kind = AuditKind.System,
                };
                await audit.AppendAsync(entry, CancellationToken.None).ConfigureAwait(false);
                studies.Call();
            }
            else
            {
                Log.DeliveryHeld(logger, delivery.Archive, ended.Failure ?? "");
            }
        }
        catch (MedGenException error)
        {
            // It stays due, and the archive is asked before anything is sent again.
            Log.DeliveryHeld(logger, delivery.Archive, error.Reason);
        }
    }

    private async Task<DicomDelivery> TryAsync(DicomDelivery delivery, CancellationToken cancellationToken)
    {
        DicomRules? current = rules.Current;
        if (current?.Find(delivery.Archive, delivery.Tenant) is not { } archive)
        {
            return PutOff(delivery, "ARCHIVE_NOT_CONFIGURED", null);
        }

        Artifact? artifact = await artifacts.FindAsync(delivery.ArtifactId, cancellationToken).ConfigureAwait(false);
        if (artifact is null)
        {
            return delivery; // Its row went with it.
        }

        using DicomWebClient client = new(archive.ToServer(current.Folder));
        try
        {
            await client.StoreAsync(await artifacts.GetVerifiedPathAsync(artifact, cancellationToken).ConfigureAwait(false), cancellationToken)
                .ConfigureAwait(false);
            return delivery with { State = DicomDeliveryState.Sent, Attempts = delivery.Attempts + 1, Failure = null, DueAt = null };
        }
        catch (Exception error) when (error is FailedPreconditionException or MediaException)
        {
            return delivery with
            {
                State = DicomDeliveryState.Refused, Attempts = delivery.Attempts + 1, Failure = ((MedGenException)error).Reason, DueAt = null,
            };
        }
    }

    private DicomDelivery PutOff(DicomDelivery delivery, string reason, TimeSpan? after)
    {
        TimeSpan wait = TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << Math.Min(delivery.Attempts, 20)));
        return delivery with
        {
            Attempts = delivery.Attempts + 1, Failure = reason, DueAt = time.GetUtcNow() + (after is { } asked && asked > wait && asked < Longest
                ? asked : wait),
        };
    }
}
