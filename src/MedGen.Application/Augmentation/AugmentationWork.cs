using System.Text.Json;
using MedGen.Abstractions.Augmentation;
using MedGen.Abstractions.Errors;
using MedGen.Abstractions.Plugins;
using MedGen.Application.Artifacts;
using MedGen.Application.Generation;
using MedGen.Application.Jobs;
using MedGen.Application.Plugins;
using MedGen.Datasets.Adapters;
using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Writing;
using MedGen.Media;

namespace MedGen.Application.Augmentation;

/// <summary>
/// Runs an augmentation job: borrows the augmenter, has the data set enlarged clip by clip, and for an uploaded data set packs the result. A job that runs again goes
/// on at the clip where it stopped.
/// </summary>
internal sealed class AugmentationWork(
    IPluginCatalog catalog, IArtifactStore artifacts, DatasetFolders folders, IVideoReader reader, IVideoWriter writer, TimeProvider time, IAdapterTrainer? trainer = null) : IJobWork
{
    private const string PreviewProvenance = "preview";
    private static readonly TimeSpan PreviewInterval = TimeSpan.FromSeconds(2);

    public JobKind Kind => JobKind.Augmentation;

    public async Task RunAsync(ClaimedJob claimed, JobReporter reporter, CancellationToken cancellationToken)
    {
        AugmentDataset asked = JsonSerializer.Deserialize<AugmentDataset>(claimed.Request, JobJson.Options)!;
        string output = asked.OutputFolder ?? Path.Combine(artifacts.JobFolder(claimed.Job.Id), "dataset");
        string data = asked.DataFolder ?? artifacts.GetPath(await FindAsync(asked.DatasetArtifactId!, cancellationToken));
        foreach (string path in new[] { asked.DataFolder, asked.OutputFolder }.OfType<string>())
        {
            folders.Require(path);
        }

        using PluginLease<IDatasetAugmenter> lease = await catalog.AcquireAsync<IDatasetAugmenter>(
            PluginCapabilityKind.DatasetAugmenter, null, asked.PluginId, cancellationToken);
        AugmentationTask task = new()
        {
            Data = data,
            Output = output,
            Spec = AugmentationSpecReader.Parse(asked.Spec),
            Mode = asked.Mode,
            RunId = claimed.Job.Id,
            Augmenter = $"{lease.PluginId} {lease.PluginVersion}",
        };
        long? previewed = null;
        AugmentationSummary summary = await new DatasetAugmentation(reader, writer, time, trainer).RunAsync(task, lease.Service, ReportAsync, cancellationToken);
        if (asked.OutputFolder is null)
        {
            await PackAsync(claimed.Job, output, reporter, cancellationToken);
        }

        await reporter.ReportAsync(ToSummary(summary), cancellationToken);

        async Task ReportAsync(AugmentationStatus status, CancellationToken token)
        {
            await reporter.ReportAsync(new JobProgressed { Stage = ToStage(status.Stage), StepsDone = status.Done, StepsTotal = status.Total, TimeLeft = status.Remaining }, token);
            if (status.Stage == AugmentationStage.Making)
            {
                await reporter.ReportAsync(new AugmentationAdvanced { Made = status.Made, Kept = status.Kept, Wanted = status.Total, Rejected = status.Rejected, Remaining = status.Remaining }, token);
            }

            if (status.Preview is { } frame && (previewed is not { } before || time.GetElapsedTime(before) >= PreviewInterval))
            {
                previewed = time.GetTimestamp();
                await reporter.ReportAsync(await PreviewImage.CreateAsync(status.Kept, frame, PreviewProvenance, token), token);
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
                Name = target.Name, RealTraining = target.Real, Wanted = target.Wanted, Kept = summary.Records.Count(record => record.Kept && record.Class == target.Name),
            }),
        ],
        Unreadable = summary.Unreadable.Count,
        PrivacyLimit = summary.PrivacyLimit,
    };

    private async Task<Artifact> FindAsync(string artifactId, CancellationToken cancellationToken) =>
        await artifacts.FindAsync(artifactId, cancellationToken) ?? throw new ResourceNotFoundException("artifact", artifactId);

    private async Task PackAsync(Job job, string folder, JobReporter reporter, CancellationToken cancellationToken)
    {
        string path = artifacts.NewWorkFile(".tar");
        try
        {
            await DatasetTar.PackAsync(folder, path, cancellationToken);
            NewArtifact result = new() { FileName = $"{job.Id}.tar", MediaType = "application/x-tar", Owner = job.Owner, HoldsSynthetic = true };
            await reporter.ReportAsync(new ArtifactProduced { Artifact = await artifacts.AdoptAsync(result, path, cancellationToken) }, cancellationToken);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
