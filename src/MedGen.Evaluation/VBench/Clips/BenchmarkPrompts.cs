using MedGen.Datasets.Reading;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;

namespace MedGen.Evaluation.VBench.Clips;

/// <summary>The prompts of a benchmark: a text file with one a line.</summary>
public static class BenchmarkPrompts
{
    private const string Field = "prompts";

    /// <summary>Reads them.</summary>
    /// <param name="path">Text in UTF-8; empty lines are passed over.</param>
    /// <param name="limit">How many of the first are taken, at least 1; null: all.</param>
    /// <returns>The prompts that are taken, and all of them.</returns>
    /// <exception cref="InvalidInputException">There is no such file, no prompt in it, one is too long, or one stands there twice.</exception>
    public static (IReadOnlyList<string> Taken, IReadOnlyList<string> All) Read(string path, int? limit)
    {
        if (!File.Exists(path))
        {
            throw new InvalidInputException(Field, $"there is no file '{path}'.");
        }

        Violations violations = new();
        violations.Require(limit is null or > 0, "limit", $"got {limit}", $"at least 1");
        List<string> prompts = [];
        foreach ((int index, string line) in Utf8File.Read(path, Field).ReplaceLineEndings("\n").Split('\n').Index())
        {
            string prompt = line.Trim();
            if (prompt.Length == 0)
            {
                continue;
            }

            violations.Require(
                prompt.Length <= GenerationLimits.MaxPromptLength, $"{Field}[line {index + 1}]", $"got {prompt.Length} characters",
                $"at most {GenerationLimits.MaxPromptLength}");
            violations.Require(!prompts.Contains(prompt), $"{Field}[line {index + 1}]", $"got a prompt that stands there before", $"each once");
            prompts.Add(prompt);
        }

        violations.Require(prompts.Count > 0, Field, $"got no prompt", $"one a line");
        violations.ThrowIfAny();
        return ([.. prompts.Take(limit ?? prompts.Count)], prompts);
    }
}
