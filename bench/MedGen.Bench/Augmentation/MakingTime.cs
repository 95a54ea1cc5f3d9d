using System.Diagnostics;
using MedGen.Datasets.Running;
using MedGen.Sdk.Augmentation;
using MedGen.Datasets.Augmentation;
using MedGen.Media;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Bench.Augmentation;

/// <summary>Runs an augmentation into a temporary folder and times the part in which clips are made, judged and written.</summary>
internal static class MakingTime
{
    /// <returns>Clips made, and how long that took.</returns>
    public static async Task<(int Made, TimeSpan Took)> OfAsync(
        IServiceProvider services, IDatasetAugmenter augmenter, AugmentationSpec spec, Action? onBegin = null, Action? onEnd = null)
    {
        string output = Path.Combine(Path.GetTempPath(), $"medgen-bench-{Guid.NewGuid():N}");
        try
        {
            long started = 0;
            TimeSpan took = TimeSpan.Zero;
            AugmentationTask task = new() { Data = RepositoryFolder.Path("samples", "datasets", "lung"), Output = output, Spec = spec, RunId = "bench", Augmenter = "bench" };
            DatasetAugmentation augmentation = new(services.GetRequiredService<IVideoReader>(), services.GetRequiredService<IVideoWriter>(), TimeProvider.System);
            AugmentationSummary summary = await augmentation.RunAsync(task, augmenter, Told, CancellationToken.None);
            return (summary.Records.Count, took);

            Task Told(AugmentationStatus status, CancellationToken cancellationToken)
            {
                if (status.Stage == AugmentationStage.Making && started == 0)
                {
                    onBegin?.Invoke();
                    started = Stopwatch.GetTimestamp();
                }
                else if (status.Stage == AugmentationStage.Making)
                {
                    took = Stopwatch.GetElapsedTime(started);
                    onEnd?.Invoke();
                }

                return Task.CompletedTask;
            }
        }
        finally
        {
            if (Directory.Exists(output))
            {
                Directory.Delete(output, recursive: true);
            }
        }
    }
}
