using MedGen.Datasets.Clips;
using MedGen.Evaluation.VBench.Clips;
using MedGen.Model.Checkpoints;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Models;

namespace MedGen.Evaluation.Experiments;

/// <summary>The clips of an experiment: made once, read back from the files that people can look at.</summary>
/// <param name="Shape">Shape of all clips.</param>
/// <param name="Origin">How they were made.</param>
/// <param name="Clips">Each with what was asked for.</param>
/// <param name="AllPrompts">Prompts that there are.</param>
internal sealed record ExperimentClips(
    ClipShape Shape, ClipOrigin Origin, IReadOnlyList<(ExperimentPrompt Prompt, byte[] Pixels)> Clips, int AllPrompts)
{
    private const string Folder = "clips";

    /// <summary>The shape that a model makes.</summary>
    public static ClipShape ShapeOf(string model)
    {
        GenerationDefaults defaults = ModelFolder.Open(model).Defaults;
        return new ClipShape
        {
            Width = defaults.Width, Height = defaults.Height, NumFrames = defaults.NumFrames, FramesPerSecond = defaults.FramesPerSecond,
        };
    }

    /// <summary>Makes the clips, or takes those of an earlier run.</summary>
    /// <param name="task">Model, seed, steps, limit.</param>
    /// <param name="prompts">All prompts, each once.</param>
    /// <param name="media">Reader and writer.</param>
    /// <param name="progress">Told what is done, from 0 to 1.</param>
    /// <param name="cancellationToken">Stops; finished clips stay.</param>
    /// <exception cref="InvalidInputException">The task is wrong, or the folder holds clips of another run.</exception>
    public static async Task<ExperimentClips> MakeAsync(
        ExperimentTask task, IReadOnlyList<ExperimentPrompt> prompts, ExperimentMedia media, Action<string, double> progress,
        CancellationToken cancellationToken)
    {
        Violations.ThrowIfDeclaredRulesBroken(task);
        ClipShape shape = ShapeOf(task.Model);
        ExperimentPrompt[] taken = [.. Spread(prompts).Take(task.Limit ?? prompts.Count)];
        string folder = Path.Combine(task.Output, Folder);
        ClipOrigin origin = await new ClipGeneration(media.Writer).MakeAsync(
            task.Model, [.. taken.Select(prompt => prompt.Prompt)],
            new ClipGenerationOptions { Seed = task.Seed, ClipsPerPrompt = task.Clips, Steps = task.Steps }, folder, progress, cancellationToken)
            .ConfigureAwait(false);
        List<(ExperimentPrompt, byte[])> clips = [];
        string[] texts = [.. taken.Select(prompt => prompt.Prompt)];
        foreach (BenchmarkClip clip in ClipFolder.Read(folder, texts, [.. prompts.Select(prompt => prompt.Prompt)]))
        {
            byte[] pixels = await ClipDecoding.ReadAsync(media.Reader, clip.Path, shape, cancellationToken).ConfigureAwait(false)
                ?? throw new MediaException(clip.Name, $"'{clip.Name}' is shorter than the {shape.NumFrames} frames that were made.");
            clips.Add((taken[Array.IndexOf(texts, clip.Prompt)], pixels));
        }

        return new ExperimentClips(shape, origin, clips, prompts.Count);
    }

    /// <summary>One of each group, then the second of each, and so on: a limit takes from all groups.</summary>
    internal static IEnumerable<ExperimentPrompt> Spread(IReadOnlyList<ExperimentPrompt> prompts) =>
        prompts.GroupBy(prompt => prompt.Group).SelectMany(group => group.Index()).OrderBy(one => one.Index).Select(one => one.Item);
}
