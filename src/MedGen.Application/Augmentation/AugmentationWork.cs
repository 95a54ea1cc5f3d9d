using MedGen.Datasets.Running;
using MedGen.Application.Artifacts;
using MedGen.Application.Generation;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Running;
using MedGen.Application.Models;
using MedGen.Application.Plugins;
using MedGen.Application.Signing;
using MedGen.Datasets.Adapters;
using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Clips;
using MedGen.Datasets.Files;
using MedGen.Datasets.Writing;
using MedGen.Media;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Models;
using MedGen.Sdk.Plugins;

namespace MedGen.Application.Augmentation;

/// <summary>
/// Runs an augmentation job: borrows the augmenter, has the data set enlarged clip by clip, and for an uploaded data set packs the result. A job that
/// runs again goes on at the clip where it stopped.
/// </summary>
internal sealed class AugmentationWork(
    IPluginCatalog catalog, IArtifactStore artifacts, DatasetFolders folders, IVideoReader reader, IVideoWriter writer, ClipSigner signer,
    PluginCalls calls,
    AdapterNames adapters,
    TimeProvider time,
    IAdapterTrainer? trainer = null,
    IMedGenModel? model = null,
    IClipFeatures? features = null) : IJobWork
{
    private const string PreviewProvenance = "preview";
    private static readonly TimeSpan PreviewInterval = TimeSpan.FromSeconds(2);

    public JobKind Kind => JobKind.Augmentation;

    public async Task RunAsync(ClaimedJob claimed, JobReporter reporter, CancellationToken cancellationToken)
    {
        AugmentDataset asked = JobJson.Read<AugmentDataset>(claimed.Request);
        string output = folders.Resolve(asked.OutputFolder, "output_folder", claimed.Job.Tenant)
            ?? Path.Combine(artifacts.JobFolder(claimed.Job.Id), "dataset");
        Artifact? archive = asked.DatasetArtifactId is { } id ? await FindAsync(id, cancellationToken).ConfigureAwait(false) : null;
        string data = archive is null
            ? folders.Resolve(asked.DataFolder, "data_folder", claimed.Job.Tenant)!
            : await artifacts.GetVerifiedPathAsync(archive, cancellationToken).ConfigureAwait(false);
        using PluginLease<IDatasetAugmenter> lease = await catalog.AcquireAsync<IDatasetAugmenter>(
            CapabilityKinds.Augmentation, null, asked.PluginId, cancellationToken).ConfigureAwait(false);
        AugmentationTask task = new()
        {
            Data = data,
            DataName = archive?.FileName,
            Output = output,
            Scope = asked.DataFolder is null ? PathScope.Anywhere : folders.ScopeOf(claimed.Job.Tenant),
            Spec = AugmentationSpecReader.Parse(asked.Spec),
            Mode = asked.Mode,
            RunId = claimed.Job.Id,
            Augmenter = $"{lease.PluginId} {lease.PluginVersion}",
        };
        long? previewed = null;
        DatasetAugmentation augmentation = new(
            reader, new SigningVideoWriter(writer, signer, claimed.Job.Id), time, trainer, model?.Description,
            model is null ? null : async (name, token) => (await model.DescribeAdapterAsync(adapters.For(name, claimed.Job.Tenant), token)
                .ConfigureAwait(false)).TrainingData,
            features);
        GuardedAugmenter augmenter = new(calls, lease, name => adapters.For(name, claimed.Job.Tenant));

        // It may be another version of the plugin than the one that was asked first.
        MethodOptionRules.Check(task.Spec, augmenter.Describe());
        AugmentationSummary summary = await augmentation.RunAsync(task, augmenter, ReportAsync, cancellationToken).ConfigureAwait(false);
        if (asked.OutputFolder is null)
        {
            await PackAsync(claimed.Job, output, reporter, cancellationToken).ConfigureAwait(false);
        }

        await reporter.ReportAsync(ToSummary(summary), cancellationToken).ConfigureAwait(false);

        async Task ReportAsync(AugmentationStatus status, CancellationToken token)
        {
            await reporter.ReportAsync(
                new JobProgressed { Stage = ToStage(status.Stage), StepsDone = status.Done, StepsTotal = status.Total, TimeLeft = status.Remaining },
                token).ConfigureAwait(false);
            if (status.Stage == AugmentationStage.Making)
            {
                await reporter.ReportAsync(
                    new AugmentationAdvanced
                    {
                        Made = status.Made,
                        Kept = status.Kept,
                        Wanted = status.Total,
                        Rejected = status.Rejected,
                        Remaining = status.Remaining,
                    }, token).ConfigureAwait(false);
            }

            if (status.Preview is { } frame && (previewed is not { } before || time.GetElapsedTime(before) >= PreviewInterval))
            {
                previewed = time.GetTimestamp();
                await reporter.ReportAsync(await PreviewImage.CreateAsync(status.Kept, frame, PreviewProvenance, token).ConfigureAwait(false), token)
                    .ConfigureAwait(false);
            }
        }
    }

    private static JobStage ToStage(AugmentationStage stage) => stage switch
    {
        AugmentationStage.Preparing => JobStage.Preparing,
        AugmentationStage.Training => JobStage.TrainingAdapter,
        AugmentationStage.Making => JobStage.Augmenting,
        _ => JobStage.WritingDataset,
    };

    private static DatasetAugmented ToSummary(AugmentationSummary summary) => new()
    {
        Real = summary.Items.Count,
        Made = summary.Records.Count,
        Kept = summary.Kept,
        Rejected = summary.Rejected,
        Classes =
        [
            .. summary.Targets.Select(target => new AugmentedClass
            {
                Name = target.Name, RealTraining = target.Real, Wanted = target.Wanted, Kept = summary.Records.Count(
                    record => record.Kept && record.Class == target.Name),
            }),
        ],
        Unreadable = summary.Unreadable.Count,
        PassedOver = summary.PassedOver,
        PrivacyLimit = summary.PrivacyLimit,
        Reidentification = summary.Reidentification,
    };

    private async Task<Artifact> FindAsync(string artifactId, CancellationToken cancellationToken) =>
        await artifacts.FindAsync(artifactId, cancellationToken).ConfigureAwait(false) ?? throw new ResourceNotFoundException("artifact", artifactId);

    private async Task PackAsync(Job job, string folder, JobReporter reporter, CancellationToken cancellationToken)
    {
        if (await StoredResult.TryTellAsync(artifacts, job, reporter, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        string path = artifacts.NewWorkFile(".tar");
        try
        {
            await DatasetTar.PackAsync(folder, path, cancellationToken).ConfigureAwait(false);
            NewArtifact result = new()
            {
                FileName = $"{job.Id}.tar",
                MediaType = "application/x-tar",
                Owner = job.Owner,
                Tenant = job.Tenant,
                JobId = job.Id,
                HoldsSynthetic = true,
            };
            await reporter.ReportAsync(
                new ArtifactProduced { Artifact = await artifacts.AdoptAsync(result, path, cancellationToken).ConfigureAwait(false) },
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
