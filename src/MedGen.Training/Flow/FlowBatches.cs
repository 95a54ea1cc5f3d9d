using System.Runtime.InteropServices;
using MedGen.Model.Pipelines;
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
    /// <summary>
    /// What stands for a caption that is left out: the empty one, or the negative prompt that generation uses when none is given, so that guidance
    /// works with either.
    /// </summary>
    public static IReadOnlyList<string> Unconditional { get; } = ["", MedGenPipeline.DefaultNegativePrompt];

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
            run.Flow with { CaptionDropout = 0, CaptionExcerpts = 0, FreeCaptions = 0, FirstFrames = 0 }), place);
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
            bool brief = stage.Captions == CaptionDetail.Brief || (stage.Captions == CaptionDetail.Mixed && random.Chance(0.5));
            string caption = brief ? items[i].Brief : items[i].Detailed;

            // Drawn only where it is wanted, so that recipes without it train as they did.
            if (options.FreeCaptions > 0 && items[i].Free.Count > 0 && random.Chance(options.FreeCaptions))
            {
                caption = random.Pick(items[i].Free);
            }

            captions[i] = random.Chance(options.CaptionDropout) ? random.Pick(Unconditional)
                : options.CaptionExcerpts > 0 && random.Chance(options.CaptionExcerpts) ? Excerpt(caption, random) : caption;
            given[i] = options.FirstFrames > 0 && shape[2] > 1 && random.Chance(options.FirstFrames);
        }

        return new FlowBatch(latents, shape, sigmas, captions, given);
    }

    // Half of them from the beginning, where captions say what is seen.
    private static string Excerpt(string caption, Random random)
    {
        string[] words = caption.Split(' ');
        int first = random.Chance(0.5) ? 0 : random.Next(words.Length);
        return string.Join(' ', words.Skip(first).Take(random.Next(1, words.Length - first + 1))).TrimEnd('.', ',', ';', ':');
    }
}
