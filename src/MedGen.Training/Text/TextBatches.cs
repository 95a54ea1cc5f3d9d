using MedGen.Training.Clips;
using MedGen.Training.Optimization;
using MedGen.Training.Recipes;
using MedGen.Training.Running;

namespace MedGen.Training.Text;

/// <summary>Draws batches of captions with what is true of their clips.</summary>
/// <param name="seed">Seed of the recipe.</param>
/// <param name="run">The run.</param>
/// <param name="layout">The facts.</param>
/// <param name="stages">Clips of each stage.</param>
/// <param name="heldOut">Held-out clips.</param>
internal sealed class TextBatches(
    int seed, RunRecipe run, FactLayout layout, IReadOnlyList<ClipMix<TrainingClip>> stages, IReadOnlyList<TrainingClip> heldOut)
{
    private const int ValidationBatch = 64;

    /// <summary>The batch of a place in the run.</summary>
    public TextBatch Make(TrainingPlace place)
    {
        Random random = StepRandom.Create(seed, $"text {place.Purpose}", place.Step, place.Part);
        ClipMix<TrainingClip> mix = stages[place.StageIndex];
        return Make([.. Enumerable.Range(0, place.Stage.Batch).Select(_ => mix.Draw(random))], place.Stage.Captions, run.Flow, random);
    }

    /// <summary>Held-out clips, each with the same whole caption at every call: one in free words where it has such.</summary>
    public IEnumerable<(TextBatch Batch, TrainingPlace Place)> Validation() => heldOut.Chunk(ValidationBatch).Select((clips, index) =>
    {
        TrainingPlace place = new(run.Stages[^1], run.Stages.Count - 1, 0, index, "validate");
        FlowOptions whole = run.Flow with { CaptionDropout = 0, CaptionExcerpts = 0, WordDropout = 0, FreeCaptions = 1 };
        return (Make(clips, place.Stage.Captions, whole, StepRandom.Create(seed, "text validate", 0, index)), place);
    });

    private TextBatch Make(IReadOnlyList<TrainingClip> clips, CaptionDetail detail, FlowOptions options, Random random)
    {
        string[] captions = [.. clips.Select(clip => CaptionDraw.Draw(clip.Brief, clip.Detailed, clip.Free, detail, options, random))];
        string[] understood =
        [
            .. clips.Select((clip, index) =>
                captions[index] == clip.Detailed || CaptionDraw.Unconditional.Contains(captions[index]) ? captions[index] : clip.Brief),
        ];
        return new TextBatch(captions, understood, [.. clips.SelectMany(layout.AnswersOf)]);
    }
}
