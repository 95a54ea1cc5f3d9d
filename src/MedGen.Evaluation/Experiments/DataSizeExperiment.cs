using MedGen.Datasets.Reports;
using MedGen.Media;
using MedGen.Phantoms;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Files;
using MedGen.Training;
using MedGen.Training.Clips;
using MedGen.Training.Recipes;
using MedGen.Training.Running;

namespace MedGen.Evaluation.Experiments;

/// <summary>
/// Size of the data set against quality: trains by recipes that differ in it, one after the other, and compares their held-out losses.
/// </summary>
/// <param name="reader">Decodes real clips of the recipes.</param>
public sealed class DataSizeExperiment(IVideoReader reader)
{
    /// <summary>Runs it.</summary>
    /// <param name="recipes">The recipes, two or more.</param>
    /// <param name="output">Folder for a training each and the report; the same again goes on.</param>
    /// <param name="limit">Most steps of each training; null: what the recipes say.</param>
    /// <param name="progress">Told what is done, from 0 to 1.</param>
    /// <param name="cancellationToken">Stops; what is trained stays.</param>
    /// <returns>The rows by size; the report lies in the output folder.</returns>
    /// <exception cref="InvalidInputException">A recipe is wrong, or validates nothing.</exception>
    public async Task<IReadOnlyList<DataSizeRow>> RunAsync(
        IReadOnlyList<string> recipes, string output, int? limit, Action<string, double> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(recipes);
        ArgumentNullException.ThrowIfNull(progress);
        Violations violations = new();
        violations.Require(recipes.Count > 1, "recipes", $"got {recipes.Count}", $"two or more");
        violations.Require(limit is null or > 0, "limit", $"got {limit}", $"at least 1");
        violations.ThrowIfAny();
        TrainingRecipe[] read = [.. recipes.Select(path => Shortened(RecipeReader.Read(path), limit))];
        if (read.Select(recipe => recipe.Name).Distinct().Count() < read.Length)
        {
            throw new InvalidInputException("recipes", "two have the same name; the rows would be told apart by nothing.");
        }

        ModelTrainer trainer = new(reader, PhantomCatalog.All);
        List<DataSizeRow> rows = [];
        foreach ((int done, TrainingRecipe recipe) in read.Index())
        {
            string folder = Path.Combine(output, recipe.Name);
            Last last = new(recipe.Name, (what, share) => progress(what, (done + share) / read.Length));
            await trainer.RunAsync(
                recipe,
                new TrainingOptions
                {
                    OutputFolder = folder, CacheFolder = Path.Combine(output, "cache"), Resume = Directory.Exists(folder), DrawsSamples = false,
                },
                last, cancellationToken).ConfigureAwait(false);
            rows.Add(new DataSizeRow(recipe.Name, ClipsOf(recipe), recipe.Runs[^1].Stages.Sum(stage => stage.Steps), LastLoss(folder, recipe)));
        }

        rows = [.. rows.OrderBy(row => row.Clips)];
        Write(output, rows, limit);
        return rows;
    }

    private static TrainingRecipe Shortened(TrainingRecipe recipe, int? limit) => limit is not { } most ? recipe : recipe with
    {
        Runs = [.. recipe.Runs.Select(run => run with
        {
            Stages = [.. run.Stages.Select(stage => stage with { Steps = Math.Min(stage.Steps, most) })],
        })],
    };

    private int ClipsOf(TrainingRecipe recipe)
    {
        ClipLibrary library = ClipLibrary.Open(recipe.Data, reader, PhantomCatalog.All);
        return recipe.Data.Sum(source => library.Training(source.Name).Count);
    }

    private static double LastLoss(string folder, TrainingRecipe recipe)
    {
        (int Step, double Value)[] losses = [.. Directory.EnumerateFiles(folder, "*.jsonl", SearchOption.AllDirectories)
            .Where(path => path.EndsWith("log.jsonl", StringComparison.Ordinal)).SelectMany(path => RunLog.ReadCurves(path)["loss"].Validation)];
        return losses.Length > 0
            ? losses[^1].Value
            : throw new InvalidInputException("recipes", $"'{recipe.Name}' validated nothing; validation_clips of its run must be above 0.");
    }

    private static void Write(string output, IReadOnlyList<DataSizeRow> rows, int? limit)
    {
        Report report = new("Experiment: data-size");
        report.Text(
            $"How does the held-out loss fall with the size of the data set?",
            $"The loss of flow matching over the same held-out clips, one seed each.");
        if (limit is { } most)
        {
            report.Text($"**At most {most} steps each**, fewer than the recipes say: the figures are for a try, not for a comparison.");
        }

        report.Figure(ExperimentReport.Picture("sizes.svg", "Held-out loss over the number of training clips", ExperimentPlot.Sizes(rows)));
        report.Table(["recipe", "training clips", "steps", "held-out loss"], rows.Select(row => Report.Row(
            $"{row.Recipe}", $"{row.Clips}", $"{row.Steps}", $"{row.Loss:0.000}")));
        report.Write(output, ExperimentReport.FileName);
        WholeFile.Write(Path.Combine(output, "experiment.html"), report.ToHtml());
        WholeFile.Write(Path.Combine(output, "experiment.json"), ReportJson.Text(rows));
    }

    private sealed class Last(string recipe, Action<string, double> show) : IProgress<TrainingProgress>
    {
        void IProgress<TrainingProgress>.Report(TrainingProgress value) =>
            show($"{recipe}: {value.Stage ?? value.Event}", (double)value.Done / Math.Max(1, value.Total));
    }
}
