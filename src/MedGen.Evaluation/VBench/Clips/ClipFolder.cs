using MedGen.Datasets.Reading;
using MedGen.Sdk.Errors;

namespace MedGen.Evaluation.VBench.Clips;

/// <summary>Finished clips of a benchmark's prompts; how a clip says its prompt: docs/benchmark.md.</summary>
public static class ClipFolder
{
    private const string Field = "videos";

    /// <summary>Finds the clips of prompts.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="taken">Prompts that are measured.</param>
    /// <param name="all">All prompts of the benchmark; clips of the others are left out.</param>
    /// <returns>Clips of <paramref name="taken"/> in the order of the prompts, then of the names.</returns>
    /// <exception cref="InvalidInputException">
    /// There is no such folder, a clip belongs to no prompt or is missing, or none is of these prompts; all are named.
    /// </exception>
    public static IReadOnlyList<BenchmarkClip> Read(string folder, IReadOnlyList<string> taken, IReadOnlyList<string> all)
    {
        ArgumentNullException.ThrowIfNull(taken);
        IReadOnlyList<PromptedClip> clips = PromptedClip.Read(folder, Field);
        HashSet<string> known = [.. all];
        Violations violations = new();
        foreach (PromptedClip clip in clips.Where(clip => !known.Contains(clip.Prompt)))
        {
            violations.Add(
                $"{Field}: {clip.Name}",
                clip.IsListed
                    ? $"its prompt '{Short(clip.Prompt)}' is none of the file."
                    : "its name is no prompt of the file (VBench: PROMPT.mp4 or PROMPT-N.mp4), and no metadata.jsonl names one.");
        }

        violations.ThrowIfAny();
        BenchmarkClip[] own =
        [
            .. taken.Join(clips, prompt => prompt, clip => clip.Prompt, (prompt, clip) => new BenchmarkClip(clip.Name, clip.Path, prompt, clip.Seed)),
        ];
        return own.Length > 0 ? own : throw new InvalidInputException(Field, $"'{folder}' has no clip of the {taken.Count} prompts.");
    }

    private static string Short(string text) => text.Length <= 60 ? text : $"{text[..60]}…";
}
