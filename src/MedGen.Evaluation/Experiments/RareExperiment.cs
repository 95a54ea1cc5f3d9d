using MedGen.Media;
using MedGen.Phantoms;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Training.Clips;
using MedGen.Training.Recipes;

namespace MedGen.Evaluation.Experiments;

/// <summary>Rare conditions: is a concept shown the more often, the more often the model was trained on it?</summary>
/// <param name="media">Reader and writer.</param>
public sealed class RareExperiment(ExperimentMedia media)
{
    /// <summary>Runs it.</summary>
    /// <param name="task">Model, judge, the recipe that trained the model, limit.</param>
    /// <param name="progress">Told what is done, from 0 to 1.</param>
    /// <param name="cancellationToken">Stops; finished clips stay.</param>
    /// <returns>What was found; the report lies in the output folder.</returns>
    /// <exception cref="InvalidInputException">Task or recipe are wrong, or the recipe has no simulated clips.</exception>
    public async Task<ExperimentResult> RunAsync(ExperimentTask task, Action<string, double> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(progress);
        string recipe = task.Training ?? throw new InvalidInputException("training", "is missing; the recipe that trained the model is needed.");
        progress("counting training clips", 0);
        Dictionary<Concept, int> counts = Count(RecipeReader.Read(recipe), media.Reader);
        ClipShape shape = ExperimentClips.ShapeOf(task.Model);
        ExperimentPrompt[] prompts =
        [
            .. counts.Keys.OrderBy(concept => concept.ToString(), StringComparer.Ordinal).Select(concept => new ExperimentPrompt(
                concept.Kind, SimulatedClips.Find(concept, 1, SimulatedClips.HeldOutSeed, shape)[0].BriefCaption, concept)),
        ];
        prompts = [.. prompts.DistinctBy(prompt => prompt.Prompt)];
        ExperimentClips clips = await ExperimentClips.MakeAsync(task, prompts, media, (what, share) => progress(what, 0.7 * share), cancellationToken)
            .ConfigureAwait(false);
        progress("recognising", 0.7);
        using JudgedConcepts judged = new(task);
        ExperimentRow[] rows = [.. judged.Labels(clips, "concept", concept => counts[concept]).OrderBy(row => row.TrainedOn)];
        ExperimentResult result = new()
        {
            Name = "rare",
            Question = "Is a concept shown the more often, the more often the model was trained on it?",
            Origin = clips.Origin,
            Prompts = clips.Clips.Select(one => one.Prompt).Distinct().Count(),
            AllPrompts = prompts.Length,
            Judges = judged.Names,
            Rows = rows,
            RankCorrelation = RankCorrelationOf(rows),
            Limits =
            [
                "Training clips are those that the recipe's simulated sources hold, before their weights in the mix; real clips have no such labels.",
                ConceptJudge.Limit,
            ],
        };
        ExperimentReport.Write(task.Output, result);
        return result;
    }

    /// <summary>Over concepts that the judge can tell: those whose simulated clips it recognises better than chance.</summary>
    internal static double RankCorrelationOf(IReadOnlyList<ExperimentRow> rows)
    {
        ExperimentRow[] told = [.. rows.Where(row => row.ReferenceShare > row.Chance)];
        return RankCorrelation.Of([.. told.Select(row => (double)row.TrainedOn!)], [.. told.Select(row => row.Share)]);
    }

    private static Dictionary<Concept, int> Count(TrainingRecipe recipe, IVideoReader reader)
    {
        DataSourceRecipe[] simulated = [.. recipe.Data.Where(source => source.Type == DataSourceType.Phantoms)];
        if (simulated.Length == 0)
        {
            throw new InvalidInputException(
                "training", "the recipe has no simulated clips, so nobody knows which concepts were trained on how often.");
        }

        ClipLibrary library = ClipLibrary.Open(simulated, reader, PhantomCatalog.All);
        return simulated.SelectMany(source => library.Training(source.Name)).OfType<PhantomTrainingClip>().AsParallel()
            .Select(clip => new Concept(clip.Phantom.Kind, clip.Phantom.Simulate(new PhantomRequest { Seed = clip.Seed }).Truth.Label))
            .CountBy(concept => concept).ToDictionary();
    }
}
