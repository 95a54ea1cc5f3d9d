using System.Text.Json;
using System.Text.Json.Serialization;
using MedGen.Abstractions.Errors;
using MedGen.Datasets.Files;
using MedGen.Media;
using MedGen.Training.Validation;

namespace MedGen.Training.SurgicalPhase;

/// <summary>
/// Trains a surgical phase recogniser: frame network, then a causal temporal network over its features, then temperature and change cost on the validation
/// videos; writes <see cref="WeightsFileName"/>, <c>evaluation.json</c>, <c>EVALUATION.md</c> and <c>log.jsonl</c>. Views of the frames are kept in
/// <c>views/</c> (12 KiB a second of video).
/// </summary>
/// <param name="reader">Decodes the videos.</param>
public sealed class PhaseTrainer(IVideoReader reader)
{
    /// <summary>Name of the weights file in the output folder.</summary>
    public const string WeightsFileName = "phases.safetensors";

    private static readonly PhaseSplitPlan.Counts SimulatedCounts = new(60, 20, 20);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Runs the training. Run nothing else on torch meanwhile (dropout draws from its global generator).</summary>
    /// <param name="options">What to do.</param>
    /// <param name="progress">Told about stages and steps; may be null.</param>
    /// <param name="cancellationToken">Stops at the next step; what is finished stays for <see cref="PhaseTrainingOptions.Resume"/>.</param>
    /// <returns>The evaluation on the test videos.</returns>
    /// <exception cref="InvalidInputException">
    /// An option is wrong, a video lacks its labels or the reverse, their lengths differ, a phase is unknown or in no training video, or a video is in two splits.
    /// </exception>
    /// <exception cref="FailedPreconditionException">The folder holds a training and <see cref="PhaseTrainingOptions.Resume"/> was not asked for.</exception>
    /// <exception cref="MediaException">A video cannot be decoded.</exception>
    public async Task<PhaseTrainingEvaluation> RunAsync(
        PhaseTrainingOptions options, IProgress<ClassifierTrainingProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        DeclaredRanges.ThrowIfViolated(options);
        if (options is { DataFolder: null, SplitFile: not null })
        {
            throw new InvalidInputException("split_file", "Simulated procedures have no files to name; --split says how many of each to simulate.");
        }

        SurgicalWorkflow workflow = options.DataFolder is { } folder ? PhaseDataset.WorkflowOf(folder) : SurgicalWorkflow.Cholec80;
        IReadOnlyList<PhaseFilm> films = options.DataFolder is { } source
            ? await new PhaseDataset(reader).ReadAsync(source, workflow, options, cancellationToken).ConfigureAwait(false)
            : SimulatedProcedures.Create(options, options.Split is { } counts ? PhaseSplitPlan.Parse(counts) : SimulatedCounts);
        RequireEveryPhase(films, workflow);
        string viewsFolder = Path.Combine(options.OutputFolder, "views");
        ThrowIfTrained(options, viewsFolder);
        Directory.CreateDirectory(viewsFolder);
        using var log = new ClassifierTrainingLog(Path.Combine(options.OutputFolder, "log.jsonl"), progress);
        var views = new FilmViews[films.Count];
        try
        {
            int read = 0;
            await Parallel.ForAsync(0, films.Count, cancellationToken, async (i, token) =>
            {
                views[i] = await OpenViewsAsync(films[i], viewsFolder, options.Resume, token).ConfigureAwait(false);
                lock (views)
                {
                    log.Report("reading", ++read, films.Count, null);
                }
            }).ConfigureAwait(false);
            string data = options.DataFolder is null
                ? FormattableString.Invariant($"simulated laparoscopic cholecystectomies, durations scaled by {options.DurationScale}; appearance ranges and seeds of the splits are disjoint.")
                : $"videos in the layout of {workflow.Name}.";
            PhaseTrainingEvaluation evaluation = new PhaseTrainingRun(options, workflow, data, views, log).Run(Path.Combine(options.OutputFolder, WeightsFileName), cancellationToken);
            Write(options, "evaluation.json", JsonSerializer.Serialize(evaluation, Json) + "\n");
            Write(options, "EVALUATION.md", PhaseTrainingReport.Write(evaluation));
            log.Report("done", 1, 1, null);
            return evaluation;
        }
        finally
        {
            Array.ForEach(views, v => v?.Dispose());
        }
    }

    // A phase without a single second would keep the network's first weights, and the answer would never be it.
    private static void RequireEveryPhase(IReadOnlyList<PhaseFilm> films, SurgicalWorkflow workflow)
    {
        HashSet<int> shown = [.. films.Where(film => film.Split == PhaseSplit.Train).SelectMany(film => film.Phases)];
        string[] missing = [.. workflow.Phases.Where((_, phase) => !shown.Contains(phase))];
        if (missing.Length > 0)
        {
            throw new InvalidInputException("split", $"No training video shows {string.Join(", ", missing)}; each phase needs at least one second to learn from.");
        }
    }

    private static void ThrowIfTrained(PhaseTrainingOptions options, string viewsFolder)
    {
        if (!options.Resume && Directory.Exists(viewsFolder) && Directory.EnumerateFiles(viewsFolder, "*.views").Any())
        {
            throw ExistingTraining.Refuse(options.OutputFolder);
        }
    }

    private static async Task<FilmViews> OpenViewsAsync(PhaseFilm film, string folder, bool resume, CancellationToken cancellationToken)
    {
        string origin = Path.Combine(folder, $"{film.Name}.origin");
        bool same = resume && File.Exists(origin) && await File.ReadAllTextAsync(origin, cancellationToken).ConfigureAwait(false) == film.Origin;
        File.Delete(origin);
        FilmViews views = await FilmViews.OpenAsync(film, folder, same, cancellationToken).ConfigureAwait(false);
        WholeFile.Write(origin, film.Origin);
        return views;
    }

    private static void Write(PhaseTrainingOptions options, string name, string text) => WholeFile.Write(Path.Combine(options.OutputFolder, name), text);
}
