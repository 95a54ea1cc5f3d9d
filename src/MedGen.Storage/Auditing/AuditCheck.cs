using MedGen.Application.Auditing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MedGen.Storage.Auditing;

/// <summary>
/// Looks at the audit log when the host starts: the end of it before anything is added, the rest while the host serves. What is wrong is said in the
/// host's log and, once, in the audit log itself; the host goes on, as stopping it is what an attacker might be after.
/// </summary>
internal sealed class AuditCheck(IAuditLog audit, AuditAnchor anchor, TimeProvider time, ILogger<AuditCheck> logger)
    : BackgroundService, IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (audit.IsReadOnly || anchor.Read() is not { } newest)
        {
            return;
        }

        IReadOnlyList<AuditRecord> records = await audit.ReadAsync(
            new AuditQuery { AfterSequence = newest.Sequence - 1, PageSize = 1 }, cancellationToken).ConfigureAwait(false);
        if (records is [var record] ? record.Sequence != newest.Sequence || record.Hash != newest.Hash : newest.Sequence > 0)
        {
            // The next record moves the anchor: what it says now is kept.
            anchor.PutAside(time.GetUtcNow());
            await ReportAsync(new AuditFault(newest.Sequence, records is [] ? "TAIL_CUT" : "CHECKPOINT_MISMATCH", "")).ConfigureAwait(false);
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Verifies the whole log and reports the first thing that is wrong and has not been reported.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        AuditVerification verification = await audit.VerifyAsync(cancellationToken).ConfigureAwait(false);
        if (verification.IsWhole)
        {
            Log.AuditVerified(logger, verification.Records, verification.Checkpoints);
            return;
        }

        IReadOnlyList<AuditRecord> told = await audit.ReadAsync(
            new AuditQuery { Action = AuditVerifier.BrokenAction, PageSize = 1000 }, cancellationToken).ConfigureAwait(false);
        foreach (AuditFault fault in verification.Faults)
        {
            bool isReport = told.Any(record => record.Sequence == fault.Sequence);
            if (!isReport && !told.Any(record => record.Entry.Subject == Subject(fault) && record.Entry.Outcome == fault.Reason))
            {
                await ReportAsync(fault).ConfigureAwait(false);
                return;
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (audit.IsReadOnly)
        {
            return;
        }

        await Task.Yield();
        try
        {
            await RunAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The next start looks again.
        }
    }

    private static string Subject(AuditFault fault) => $"record:{fault.Sequence}";

    private Task<AuditRecord> ReportAsync(AuditFault fault)
    {
        Log.AuditBroken(logger, fault.Sequence, fault.Reason);
        AuditEntry entry = new()
        {
            Caller = AuditEntry.System,
            Action = AuditVerifier.BrokenAction,
            Subject = Subject(fault),
            Outcome = fault.Reason,
            Kind = AuditKind.System,
        };
        return audit.AppendAsync(entry, CancellationToken.None);
    }
}
