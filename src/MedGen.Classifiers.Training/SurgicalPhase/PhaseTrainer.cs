using System.Globalization;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Files;
using MedGen.Datasets.Reports;
using MedGen.Media;

namespace MedGen.Classifiers.Training.SurgicalPhase;

/// <summary>
/// Trains a surgical phase recogniser: frame network, then a causal temporal network over its features, then temperature and change cost on the
/// validation videos; writes <see cref="WeightsFileName"/>, <c>evaluation.json</c>, <c>EVALUATION.md</c> and <c>log.jsonl</c>. Views of the frames
/// are kept in
/// <c>views/</c> (12 KiB a second of video).
/// </summary>
/// <param name="reader">Decodes the videos.</param>
public sealed class PhaseTrainer(IVideoReader reader)
{
    /// <summary>Name of the weights file in the output folder.</summary>
    public const string WeightsFileName = "phases.safetensors";

    private static readonly PhaseSplitPlan.Counts SimulatedCounts = new(60, 20, 20);

    /// <summary>Runs the training. Run nothing else on torch meanwhile (dropout draws from its global generator).</summary>
    /// <param name="options">What to do.</param>
    /// <param name="progress">Told about stages and steps; may be null.</param>
    /// <param name="cancellationToken">Stops at the next step; what is finished stays for <see cref="PhaseTrainingOptions.Resume"/>.</param>
    /// <returns>The evaluation on the test videos.</returns>
    /// <exception cref="InvalidInputException">
    /// An option is wrong, a video lacks its labels or the reverse, their lengths differ, a phase is unknown or in no training video, or a video is
    /// in two splits.
    /// </exception>
    /// <exception cref="FailedPreconditionException">The folder holds a training and <see cref="PhaseTrainingOptions.Resume"/> was not asked
    /// for.</exception>
    /// <exception cref="MediaException">A video cannot be decoded.</exception>
    public async Task<PhaseTrainingEvaluation> RunAsync(
        PhaseTrainingOptions options, IProgress<ClassifierTrainingProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        Violations.ThrowIfDeclaredRulesBroken(options);
        if (options is { DataFolder: null, SplitFile: not null })
        {
            throw new InvalidInputException("split_file", "Simulated procedures have no files to name; --split says how many of each to simulate.");
        }

        SurgicalWorkflow workflow = options.DataFolder is { } folder ? PhaseDataset.WorkflowOf(folder) : SurgicalWorkflow.Cholec80;
        IReadOnlyList<PhaseVideo> videos = options.DataFolder is { } source
            ? await new PhaseDataset(reader).ReadAsync(source, workflow, options, cancellationToken).ConfigureAwait(false)
            : SimulatedProcedures.Create(options, options.Split is { } counts ? PhaseSplitPlan.Parse(counts) : SimulatedCounts);
        RequireEveryPhase(videos, workflow);
        string viewsFolder = Path.Combine(options.OutputFolder, "views");
        using ClassifierRun run = new(options.OutputFolder, options.Resume, progress);
        ClassifierTrainingLog log = run.Log;
        Directory.CreateDirectory(viewsFolder);
        var views = new VideoViews[videos.Count];
        try
        {
            int read = 0;
            await Parallel.ForAsync(0, videos.Count, cancellationToken, async (i, token) =>
            {
                views[i] = await OpenViewsAsync(videos[i], viewsFolder, options.Resume, token).ConfigureAwait(false);
                lock (views)
                {
                    log.Report("reading", ++read, videos.Count, null);
                }
            }).ConfigureAwait(false);
            string data = options.DataFolder is null
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"simulated laparoscopic cholecystectomies, durations scaled by {options.DurationScale}; appearance ranges and seeds of the "
                        + $"splits are disjoint.")
                : $"videos in the layout of {workflow.Name}.";
            PhaseTrainingEvaluation evaluation = new PhaseTrainingRun(options, workflow, data, views, run)
                .Run(Path.Combine(options.OutputFolder, WeightsFileName), cancellationToken);
            WholeFile.Write(Path.Combine(options.OutputFolder, "evaluation.json"), ReportJson.Text(evaluation));
            PhaseTrainingReport.Of(evaluation).Write(options.OutputFolder, "EVALUATION.md");
            log.Report("done", 1, 1, null);
            return evaluation;
        }
        finally
        {
            Array.ForEach(views, v => v?.Dispose());
        }
    }

    // A phase without a single second would keep the network's first weights, and the answer would never be it.
    private static void RequireEveryPhase(IReadOnlyList<PhaseVideo> videos, SurgicalWorkflow workflow)
    {
        HashSet<int> shown = [.. videos.Where(video => video.Split == PhaseSplit.Train).SelectMany(video => video.Phases)];
        string[] missing = [.. workflow.Phases.Where((_, phase) => !shown.Contains(phase))];
        if (missing.Length > 0)
        {
            throw new InvalidInputException(
                "split", $"No training video shows {string.Join(", ", missing)}; each phase needs at least one second to learn from.");
        }
    }

    private static async Task<VideoViews> OpenViewsAsync(PhaseVideo video, string folder, bool resume, CancellationToken cancellationToken)
    {
        string origin = Path.Combine(folder, $"{video.Name}.origin");
        bool same = resume && File.Exists(origin) && await File.ReadAllTextAsync(origin, cancellationToken).ConfigureAwait(false) == video.Origin;
        File.Delete(origin);
        VideoViews views = await VideoViews.OpenAsync(video, folder, same, cancellationToken).ConfigureAwait(false);
        WholeFile.Write(origin, video.Origin);
        return views;
    }
}
