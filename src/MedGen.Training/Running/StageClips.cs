using MedGen.Datasets.Reading;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Errors;
using MedGen.Training.Clips;
using MedGen.Training.Recipes;

namespace MedGen.Training.Running;

/// <summary>The prepared clips of one stage.</summary>
/// <param name="Clips">Weight and clips of each source of the mix.</param>
/// <param name="Stills">For autoencoders: weight and single frames of what has too few frames.</param>
internal sealed record StageClips(
    IReadOnlyList<(double Weight, IReadOnlyList<PreparedClip> Items)> Clips, IReadOnlyList<(double Weight, IReadOnlyList<PreparedClip> Items)> Stills)
{
    /// <summary>Prepares the training clips of a stage.</summary>
    public static async Task<StageClips> PrepareAsync(
        TrainingRecipe recipe, RunRecipe run, StageRecipe stage, ClipLibrary library, ClipPreparation preparation, Action<string> warn,
        Action<int, int> progress, CancellationToken cancellationToken)
    {
        List<(double Weight, IReadOnlyList<PreparedClip> Items)> clips = [];
        List<(double Weight, IReadOnlyList<PreparedClip> Items)> stills = [];
        foreach ((string name, double weight) in stage.Mix.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            DataSourceRecipe source = recipe.Data.Single(data => data.Name == name);
            IReadOnlyList<TrainingClip> all = library.Training(name);
            IReadOnlyList<PreparedClip> enough = await PrepareAsync(all, stage.Shape).ConfigureAwait(false);
            clips.Add((weight, enough));
            if (enough.Count == 0)
            {
                warn(
                    $"no clip of '{name}' has {stage.NumFrames} frames at {stage.FramesPerSecond} per second: the stage does without "
                        + $"{(run.TrainsPixels && stage.StillShare > 0 ? "all but its stills" : "it")}");
            }

            if (run.TrainsPixels && stage.NumFrames > 1 && stage.StillShare > 0)
            {
                HashSet<TrainingClip> taken = [.. enough.Select(clip => clip.Clip)];
                stills.Add(
                    (
                        weight, await PrepareAsync([.. all.Where(clip => !taken.Contains(clip))], stage.Shape with { NumFrames = 1 })
                            .ConfigureAwait(false)));
            }

            Task<IReadOnlyList<PreparedClip>> PrepareAsync(IReadOnlyList<TrainingClip> some, ClipShape shape) =>
                preparation.PrepareAsync(some, shape, source.MaxUnreadable, run.Workers, done => progress(done, some.Count), cancellationToken);
        }

        return clips.All(source => source.Items.Count == 0) && stills.All(source => source.Items.Count == 0)
            ? throw new InvalidInputException(
                $"stage '{stage.Name}'",
                $"no clip of {string.Join(", ", stage.Mix.Keys)} has {stage.NumFrames} frames at {stage.FramesPerSecond} per second.")
            : new StageClips(clips, stills);
    }

    /// <summary>Prepares held-out clips at the shape of a stage.</summary>
    public static async Task<IReadOnlyList<PreparedClip>> PrepareHeldOutAsync(
        TrainingRecipe recipe, RunRecipe run, StageRecipe stage, ClipLibrary library, ClipPreparation preparation,
        CancellationToken cancellationToken)
    {
        List<PreparedClip> prepared = [];
        foreach (string name in stage.Mix.Keys.Order(StringComparer.Ordinal).Where(_ => run.ValidationClips > 0))
        {
            DataSourceRecipe source = recipe.Data.Single(data => data.Name == name);
            // A fixed choice by hash, so that all kinds of the source are among the first few.
            TrainingClip[] chosen = [.. library.HeldOut(name).OrderBy(clip => PatientSplit.Fraction(clip.Name)).Take(run.ValidationClips)];
            prepared.AddRange(
                await preparation.PrepareAsync(chosen, stage.Shape, source.MaxUnreadable, run.Workers, _ => { }, cancellationToken)
                    .ConfigureAwait(false));
        }

        return [.. prepared.OrderBy(clip => PatientSplit.Fraction(clip.Clip.Name))];
    }
}
