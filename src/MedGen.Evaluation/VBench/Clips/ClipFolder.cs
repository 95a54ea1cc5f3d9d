using System.Globalization;
using System.Text.RegularExpressions;
using MedGen.Datasets.Reading;
using MedGen.Sdk.Errors;

namespace MedGen.Evaluation.VBench.Clips;

/// <summary>
/// Finished clips, and which prompt each was made for: by <c>metadata.jsonl</c> or <c>metadata.csv</c> (<c>file_name</c>, and the prompt in
/// <c>prompt</c>, <c>detailed_caption</c>, <c>caption</c> or <c>text</c>), else by the name, as VBench's custom input has it: the prompt itself,
/// with or without <c>-N</c> at its end.
/// </summary>
public static partial class ClipFolder
{
    private const string Field = "videos";
    private static readonly string[] Extensions = [".mp4", ".gif", ".mov", ".mkv", ".webm", ".avi"];
    private static readonly string[] PromptColumns = ["prompt", "detailed_caption", "caption", "text"];

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
        if (!Directory.Exists(folder))
        {
            throw new InvalidInputException(Field, $"there is no folder '{folder}'.");
        }

        Dictionary<string, MetadataRow> rows = [];
        foreach (MetadataRow row in MetadataTable.Find(folder) ?? [])
        {
            if (!rows.TryAdd(row["file_name"], row))
            {
                throw row.Wrong("file_name", $"'{row["file_name"]}' stands there twice");
            }
        }

        string[] there =
        [
            .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(path => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
                .Select(path => Path.GetRelativePath(folder, path)).Order(StringComparer.Ordinal),
        ];
        HashSet<string> known = [.. all];
        Violations violations = new();
        foreach (string name in rows.Keys.Except(there))
        {
            violations.Add($"{Field}: {name}", "the list names it, and there is no such clip.");
        }

        List<BenchmarkClip> clips = [];
        foreach (string name in there)
        {
            MetadataRow? row = rows.GetValueOrDefault(name);
            string prompt = row is null ? Numbered().Replace(Path.GetFileNameWithoutExtension(name), "") : PromptOf(row);
            if (!known.Contains(prompt))
            {
                violations.Add(
                    $"{Field}: {name}",
                    row is null
                        ? "its name is no prompt of the file (VBench: PROMPT.mp4 or PROMPT-N.mp4), and no metadata.jsonl names one."
                        : $"its prompt '{Short(prompt)}' is none of the file.");
            }
            else if (taken.Contains(prompt))
            {
                clips.Add(new BenchmarkClip(name, Path.Combine(folder, name), prompt, row is null ? null : SeedOf(row)));
            }
        }

        violations.ThrowIfAny();
        return clips.Count > 0
            ? [.. clips.OrderBy(clip => taken.Index().First(one => one.Item == clip.Prompt).Index)]
            : throw new InvalidInputException(Field, $"'{folder}' has no clip of the {taken.Count} prompts.");
    }

    private static string PromptOf(MetadataRow row) =>
        PromptColumns.Select(column => row[column]).FirstOrDefault(text => text.Length > 0)
            ?? throw row.Wrong(PromptColumns[0], $"'{row["file_name"]}' has none of {string.Join(", ", PromptColumns)}");

    private static long? SeedOf(MetadataRow row) =>
        row["seed"].Length == 0 ? null
        : long.TryParse(row["seed"], NumberStyles.None, CultureInfo.InvariantCulture, out long seed) ? seed
        : throw row.Wrong("seed", $"got '{row["seed"]}'; allowed: a whole number from 0 on");

    private static string Short(string text) => text.Length <= 60 ? text : $"{text[..60]}…";

    [GeneratedRegex(@"-\d+$")]
    private static partial Regex Numbered();
}
