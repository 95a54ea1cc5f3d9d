using System.Runtime.InteropServices;
using MedGen.Phantoms.Randomness;
using MedGen.Training.Clips;
using MedGen.Training.Optimization;
using MedGen.Training.Recipes;
using MedGen.Training.Running;

namespace MedGen.Training.Flow;

/// <summary>Draws batches of cached latents with captions and noise levels.</summary>
/// <param name="seed">Seed of the recipe.</param>
/// <param name="run">The run.</param>
/// <param name="latentChannels">Channels of a latent.</param>
/// <param name="stages">Items of each stage.</param>
/// <param name="heldOut">Held-out items at the last stage's shape.</param>
internal sealed class FlowBatches(
    int seed, RunRecipe run, int latentChannels, IReadOnlyList<ClipMix<FlowItem>> stages, IReadOnlyList<FlowItem> heldOut)
{
    /// <summary>All items of all stages.</summary>
    public IEnumerable<FlowItem> Items => stages.SelectMany(stage => stage.All).Concat(heldOut);

    /// <summary>The batch of a place in the run.</summary>
    public FlowBatch Make(TrainingPlace place)
    {
        Random random = StepRandom.Create(seed, $"flow {place.Purpose}", place.Step, place.Part);
        ClipMix<FlowItem> mix = stages[place.StageIndex];
        return Make(Enumerable.Range(0, place.Stage.Batch).Select(_ => mix.Draw(random)).ToArray(), place.Stage, random, run.Flow);
    }

    /// <summary>Held-out clips one by one, each at a noise level of its own that stays the same.</summary>
    public IEnumerable<(FlowBatch Batch, TrainingPlace Place)> Validation() => heldOut.Take(run.ValidationClips).Select((item, index) =>
    {
        TrainingPlace place = new(run.Stages[^1], run.Stages.Count - 1, 0, index, "validate");
        return (Make([item], place.Stage, StepRandom.Create(seed, "flow validate", 0, index),
            run.Flow with { CaptionDropout = 0, CaptionExcerpts = 0, WordDropout = 0, FreeCaptions = 0, FirstFrames = 0 }), place);
    });

    private FlowBatch Make(FlowItem[] items, StageRecipe stage, Random random, FlowOptions options)
    {
        long[] shape = [items.Length, latentChannels, 1 + ((stage.NumFrames - 1) / 4), stage.Height / 8, stage.Width / 8];
        float[] latents = new float[shape.Aggregate(1L, (a, b) => a * b)];
        float[] sigmas = new float[items.Length];
        string[] captions = new string[items.Length];
        bool[] given = new bool[items.Length];
        for (int i = 0; i < items.Length; i++)
        {
            MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(items[i].LatentsPath)).CopyTo(latents.AsSpan(i * (latents.Length / items.Length)));
            sigmas[i] = FlowMatching.DrawSigma(random, options);
            captions[i] = CaptionDraw.Draw(items[i].Brief, items[i].Detailed, items[i].Free, stage.Captions, options, random);
            given[i] = options.FirstFrames > 0 && shape[2] > 1 && random.Chance(options.FirstFrames);
        }

        return new FlowBatch(latents, shape, sigmas, captions, given);
    }
}
