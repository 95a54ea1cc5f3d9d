using System.Security.Cryptography;
using System.Text;
using MedGen.Application.Access;
using MedGen.Application.Analysis;
using MedGen.Application.Artifacts;
using MedGen.Application.Auditing;
using MedGen.Application.Dicom.Rules;
using MedGen.Application.Jobs;
using MedGen.Dicom.DataSets;
using MedGen.Dicom.Web;
using MedGen.Sdk.Errors;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MedGen.Application.Dicom;

/// <summary>
/// Leads studies through their states: complete after the quiet time, analysed as the rules say, results made and handed to the outbox. Every step is
/// stored before the next one begins, and is safe to be done twice: the same job by its idempotency key, the same result by its UID. What is done is
/// asked for as the caller who sent the study, with the roles that it had.
/// </summary>
internal sealed class StudyRunner(
    IServiceScopeFactory scopes, IDicomStore store, IJobStore jobs, DicomIndexer indexer, StudyResults results,
    IDicomRules rules, IAuditLog audit, StudyClock clock, TimeProvider time, ILogger<StudyRunner> logger) : BackgroundService
{
    private const int Batch = 100;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await CatchUpAsync(stoppingToken).ConfigureAwait(false);
        while (!stoppingToken.IsCancellationRequested)
        {
            DateTimeOffset now = time.GetUtcNow();
            DicomStudy? study = null;
            try
            {
                study = rules.Current is null ? null : await store.FindDueStudyAsync(now, stoppingToken).ConfigureAwait(false);
                if (study is not null)
                {
                    await LeadAsync(study, stoppingToken).ConfigureAwait(false);
                }
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                Log.StudyHeld(logger, study?.Id ?? "", (error as MedGenException)?.Reason ?? error.GetType().Name);
                await PutOffAsync(study, stoppingToken).ConfigureAwait(false);
            }

            if (study is null)
            {
                await clock.WaitAsync(Look, time, stoppingToken).ConfigureAwait(false);
            }
        }
    }

    // What came in while the host ended, and what was stored before there was an index.
    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<Artifact> unnoted;
        do
        {
            unnoted = await store.FindUnnotedAsync(Batch, cancellationToken).ConfigureAwait(false);
            foreach (Artifact artifact in unnoted)
            {
                try
                {
                    await indexer.NoteAsync(artifact, artifact.JobId is null ? CallerOf(artifact) : null, cancellationToken).ConfigureAwait(false);
                }
                catch (MedGenException error)
                {
                    Log.StudyHeld(logger, artifact.Id, error.Reason);
                    return;
                }
            }
        }
        while (unnoted.Count == Batch);
    }

    private async Task PutOffAsync(DicomStudy? study, CancellationToken cancellationToken)
    {
        try
        {
            if (study is not null)
            {
                await store.SaveStudyAsync(study with { DueAt = time.GetUtcNow() + Later }, [], cancellationToken).ConfigureAwait(false);
            }
        }
        catch (MedGenException error)
        {
            Log.StudyHeld(logger, study!.Id, error.Reason);
        }
    }

    private Task LeadAsync(DicomStudy study, CancellationToken cancellationToken) => study.State switch
    {
        DicomStudyState.Receiving => PlanAsync(study, cancellationToken),
        DicomStudyState.Analyzing => AnalyzeAsync(study, cancellationToken),
        _ => EndAsync(study, cancellationToken),
    };

    private async Task PlanAsync(DicomStudy study, CancellationToken cancellationToken)
    {
        DicomFilter filter = new() { Owner = study.Owner, Tenant = study.Tenant, Study = study.Study };
        List<DicomTask> tasks = [.. study.Tasks];
        (DicomInstance Instance, DicomDataSet Attributes)[] instances =
        [
            .. (await store.FindInstancesAsync(filter, cancellationToken).ConfigureAwait(false))
                .Select(instance => (instance, InstanceHeader.Parse(instance.Attributes)))
                .Where(one => !one.instance.IsResult && !IsOurs(one.Item2)),
        ];
        foreach (DicomRule rule in rules.Current!.Rules)
        {
            foreach (DicomInstance[] clip in StudyClips.Of(rule, [.. instances.Where(one => rule.Matches(one.Instance, one.Attributes))]))
            {
                DicomTask task = new()
                {
                    Rule = rule.Name, ArtifactId = clip[0].ArtifactId, Slices = [.. clip.Skip(1).Select(slice => slice.ArtifactId)],
                    Task = rule.Task, Plugin = rule.Plugin, Results = rule.Results, SendTo = rule.SendTo,
                };
                if (!tasks.Any(known => known.Rule == rule.Name && known.Artifacts.ToHashSet().SetEquals(task.Artifacts)))
                {
                    tasks.Add(task);
                }
            }
        }

        await store.SaveStudyAsync(
            study with { State = DicomStudyState.Analyzing, Tasks = tasks, DueAt = time.GetUtcNow() }, [], cancellationToken).ConfigureAwait(false);
    }

    // An archive that sends on what it gets must not have us analyse our own answers.
    private static bool IsOurs(DicomDataSet attributes) => attributes.Text(new(0x0008_1090)) == "MedGen Platform";

    private async Task AnalyzeAsync(DicomStudy study, CancellationToken cancellationToken)
    {
        List<DicomDelivery> deliveries = [];
        List<DicomTask> tasks = [];
        TimeSpan next = Look;
        foreach (DicomTask task in study.Tasks)
        {
            try
            {
                tasks.Add(task.HasEnded ? task
                    : task.JobId is null ? await BeginAsync(study, task, cancellationToken).ConfigureAwait(false)
                    : await GoOnAsync(study, task, deliveries, cancellationToken).ConfigureAwait(false));
            }
            catch (MedGenException error) when (error is ResourceExhaustedException or UnavailableException)
            {
                next = error.RetryAfter ?? Later;
                tasks.Add(task);
            }
            catch (MedGenException error)
            {
                tasks.Add(task with { HasEnded = true, Failure = error.Reason });
            }
        }

        bool isOver = tasks.All(task => task.HasEnded);
        DicomStudy changed = study with
        {
            Tasks = tasks, State = isOver ? DicomStudyState.Sending : study.State, DueAt = time.GetUtcNow() + (isOver ? TimeSpan.Zero : next),
        };
        await store.SaveStudyAsync(changed, deliveries, cancellationToken).ConfigureAwait(false);
        if (deliveries.Count > 0)
        {
            clock.Call();
        }
    }

    private async Task<DicomTask> BeginAsync(DicomStudy study, DicomTask task, CancellationToken cancellationToken)
    {
        AsyncServiceScope scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            scope.ServiceProvider.GetRequiredService<CallerContext>().Caller =
                new Caller { Name = study.Owner, Tenant = study.Tenant, Roles = study.Roles };
            AnalyzeVideo message = new()
            {
                Task = task.Task,
                PluginId = task.Plugin,
                Inputs = [new AnalysisInput { ArtifactId = task.ArtifactId, SliceArtifactIds = task.Slices }],
                IncludeInterim = false,
                IdempotencyKey = $"dicom-rule:{Hash($"{study.Id}\n{task.Rule}\n{string.Join('\n', task.Artifacts)}")}",
            };
            Job job = await scope.ServiceProvider.GetRequiredService<ISender>().Send(message, cancellationToken).ConfigureAwait(false);
            return task with { JobId = job.Id };
        }
    }

    private async Task<DicomTask> GoOnAsync(
        DicomStudy study, DicomTask task, List<DicomDelivery> deliveries, CancellationToken cancellationToken)
    {
        Job? job = await jobs.FindAsync(task.JobId!, cancellationToken).ConfigureAwait(false);
        if (job is { HasEnded: false })
        {
            return task;
        }

        if (job is not { State: JobState.Succeeded })
        {
            return task with { HasEnded = true, Failure = job?.Error?.Reason ?? (job is null ? "JOB_GONE" : "CANCELLED") };
        }

        IReadOnlyList<DicomInstance> made = await results.MakeAsync(study, task, job, cancellationToken).ConfigureAwait(false);
        DateTimeOffset now = time.GetUtcNow();
        deliveries.AddRange(from archive in task.SendTo from result in made select new DicomDelivery
        {
            Id = Guid.CreateVersion7(now).ToString("N"), Owner = study.Owner, Tenant = study.Tenant, Archive = archive,
                ArtifactId = result.ArtifactId,
            Study = study.Study, Instance = result.Identity!.SopInstance, CreatedAt = now, DueAt = now,
        });
        return task with { HasEnded = true, ResultArtifacts = [.. made.Select(result => result.ArtifactId)] };
    }

    private async Task EndAsync(DicomStudy study, CancellationToken cancellationToken)
    {
        IReadOnlyList<DicomDelivery> deliveries =
            await store.ListDeliveriesAsync(study.Owner, study.Tenant, study.Study, cancellationToken).ConfigureAwait(false);
        bool isWaiting = deliveries.Any(delivery => delivery.State == DicomDeliveryState.Waiting);
        bool hasFailed = study.Tasks.Any(task => task.Failure is not null) || deliveries.Any(one => one.State == DicomDeliveryState.Refused);
        DicomStudy changed = isWaiting ? study with { DueAt = null }
            : study with { State = hasFailed ? DicomStudyState.Failed : DicomStudyState.Done, DueAt = null };
        if (await store.SaveStudyAsync(changed, [], cancellationToken).ConfigureAwait(false) && !isWaiting)
        {
            AuditEntry entry = new()
            {
                Caller = AuditEntry.System, Action = "DicomStudyEnded", Subject = $"dicom-study:{study.Id}", Tenant = study.Tenant,
                Outcome = hasFailed ? "DICOM_STUDY_FAILED" : MessageOutcome.Ok, Kind = AuditKind.System,
            };
            await audit.AppendAsync(entry, CancellationToken.None).ConfigureAwait(false);
            Log.StudyEnded(logger, study.Id, changed.State, study.Tasks.Count, deliveries.Count);
        }
    }

    // Who sent it is not known any more but by name: a clinician's rights are those that an analysis needs.
    private static Caller CallerOf(Artifact artifact) => new() { Name = artifact.Owner, Tenant = artifact.Tenant, Roles = [Role.Clinician] };

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
