using System.Globalization;
using System.Text.RegularExpressions;
using MedGen.Sdk.Errors;

namespace MedGen.Datasets.Reading;

/// <summary>A clip that was made for a prompt.</summary>
/// <param name="Name">Its file below the folder.</param>
/// <param name="Path">The file.</param>
/// <param name="Prompt">The prompt.</param>
/// <param name="Seed">Seed that it was made with, as the list says; null: not stated.</param>
/// <param name="IsListed">Whether a list named the prompt, and not the file's name.</param>
internal sealed partial record PromptedClip(string Name, string Path, string Prompt, long? Seed, bool IsListed)
{
    private static readonly string[] Extensions = [".mp4", ".gif", ".mov", ".mkv", ".webm", ".avi"];
    private static readonly string[] PromptColumns = ["prompt", "detailed_caption", "caption", "text"];

    /// <summary>
    /// Finds the clips of a folder, at any depth, and what each was made for: by <c>metadata.jsonl</c> or <c>metadata.csv</c> (<c>file_name</c>, and
    /// the prompt in <c>prompt</c>, <c>detailed_caption</c>, <c>caption</c> or <c>text</c>), else by the name, as VBench's custom input has it:
    /// the prompt itself, with or without <c>-N</c> at its end.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="field">What it is called in errors.</param>
    /// <returns>The clips in the order of their names.</returns>
    /// <exception cref="InvalidInputException">There is no such folder, or its list is wrong or names a clip that is not there.</exception>
    public static IReadOnlyList<PromptedClip> Read(string folder, string field)
    {
        if (!Directory.Exists(folder))
        {
            throw new InvalidInputException(field, $"there is no folder '{folder}'.");
        }

        Dictionary<string, MetadataRow> rows = [];
        foreach (MetadataRow row in MetadataTable.Find(folder) ?? [])
        {
            if (!rows.TryAdd(row["file_name"], row))
            {
                throw row.Wrong("file_name", $"'{row["file_name"]}' stands there twice");
            }
        }

        string[] names =
        [
            .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(path => Extensions.Contains(System.IO.Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
                .Select(path => System.IO.Path.GetRelativePath(folder, path)).Order(StringComparer.Ordinal),
        ];
        Violations violations = new();
        foreach (string name in rows.Keys.Except(names))
        {
            violations.Add($"{field}: {name}", "the list names it, and there is no such clip.");
        }

        violations.ThrowIfAny();
        return [.. names.Select(name => rows.TryGetValue(name, out MetadataRow? row)
            ? new PromptedClip(name, System.IO.Path.Combine(folder, name), PromptOf(row), SeedOf(row), IsListed: true)
            : new PromptedClip(
                name, System.IO.Path.Combine(folder, name), Numbered().Replace(System.IO.Path.GetFileNameWithoutExtension(name), ""), Seed: null,
                IsListed: false))];
    }

    private static string PromptOf(MetadataRow row) =>
        PromptColumns.Select(column => row[column]).FirstOrDefault(text => text.Length > 0)
            ?? throw row.Wrong(PromptColumns[0], $"'{row["file_name"]}' has none of {string.Join(", ", PromptColumns)}");

    private static long? SeedOf(MetadataRow row) =>
        row["seed"].Length == 0 ? null
        : long.TryParse(row["seed"], NumberStyles.None, CultureInfo.InvariantCulture, out long seed) ? seed
        : throw row.Wrong("seed", $"got '{row["seed"]}'; allowed: a whole number from 0 on");

    [GeneratedRegex(@"-\d+$")]
    private static partial Regex Numbered();
}
