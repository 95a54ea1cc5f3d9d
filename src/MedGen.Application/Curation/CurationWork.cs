using System.Threading.Channels;
using MedGen.Application.Augmentation;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Running;
using MedGen.Datasets.Files;

namespace MedGen.Application.Curation;

/// <summary>Runs a curation job. One that runs again goes on at the film where it stopped.</summary>
internal sealed class CurationWork(IVideoCurator curator, DatasetFolders folders) : IJobWork
{
    private const int Parts = 1000;

    public JobKind Kind => JobKind.Curation;

    public async Task RunAsync(ClaimedJob claimed, JobReporter reporter, CancellationToken cancellationToken)
    {
        CurateVideos asked = JobJson.Read<CurateVideos>(claimed.Request);
        string tenant = claimed.Job.Tenant;
        CurationOrder order = new(
            claimed.Job.Id, folders.Resolve(asked.DataFolder, "data_folder", tenant)!, folders.Resolve(asked.ListFile, "list_file", tenant),
            folders.Resolve(asked.OutputFolder, "output_folder", tenant)!, asked.Mode, asked.Spec);
        PathScope scope = folders.ScopeOf(tenant);
        scope.RequireTree(order.Input, "data_folder");
        scope.RequireTree(order.Output, "output_folder");

        // Told from several threads; only the newest matters, and what it has cost to tell holds nobody up.
        Channel<CurationAdvance> news = Channel.CreateBounded<CurationAdvance>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        Task telling = TellAsync(news.Reader, reporter, cancellationToken);
        VideosCurated curated;
        try
        {
            curated = await curator.CurateAsync(order, advance => news.Writer.TryWrite(advance), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            news.Writer.Complete();
            await telling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await telling.ConfigureAwait(false);
        await reporter.ReportAsync(curated, cancellationToken).ConfigureAwait(false);
    }

    private static async Task TellAsync(ChannelReader<CurationAdvance> news, JobReporter reporter, CancellationToken cancellationToken)
    {
        int told = -1;
        await foreach (CurationAdvance advance in news.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            int done = (int)(Math.Clamp(advance.Share, 0, 1) * Parts);
            if (done > told)
            {
                told = done;
                await reporter.ReportAsync(
                    new JobProgressed { Stage = JobStage.Curating, StepsDone = done, StepsTotal = Parts, TimeLeft = advance.Remaining },
                    cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
