using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MedGen.Datasets.Specifications;
using MedGen.Sdk.Errors;
using MedGen.Datasets.Augmentation;
using MedGen.Sdk.Files;
using MedGen.Datasets.Reading;

namespace MedGen.Datasets.Writing;

/// <summary>
/// What an output folder belongs to: the specification, the data and the augmenter that a run must share with the one before it to go on.
/// </summary>
/// <param name="Run">Id of the run that claimed it last.</param>
/// <param name="Augmenter">Plugin and version.</param>
/// <param name="Data">SHA-256 over names, sizes, labels, patients and splits of the data set, lower-case hex.</param>
/// <param name="Spec">The specification, defaults included.</param>
/// <param name="Features">Features of the learnt privacy check; null: none.</param>
internal sealed record OutputClaim(string Run, string Augmenter, string Data, AugmentationSpec Spec, string? Features = null)
{
    public const string FileName = "augmentation.json";

    /// <summary>Says what a run is of.</summary>
    public static OutputClaim Of(AugmentationTask task, IReadOnlyList<DatasetItem> items, string? features)
    {
        StringBuilder text = new();
        foreach (DatasetItem item in items.OrderBy(item => item.FileName, StringComparer.Ordinal))
        {
            text.Append(item.FileName).Append('\0').Append(new FileInfo(item.FullPath).Length).Append('\0').Append(item.Label).Append('\0')
                .Append(item.PatientId).Append('\0')
                .Append(item.Split).Append('\0').Append(item.Caption).Append('\n');
        }

        return new OutputClaim(
            task.RunId, task.Augmenter, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))), task.Spec, features);
    }

    /// <summary>Takes the folder, or refuses it.</summary>
    /// <exception cref="InvalidInputException">The folder is not empty and may not be gone on with or replaced; the message says what would
    /// help.</exception>
    public void Take(string folder, OutputMode mode)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, FileName);
        string shown = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        OutputClaim? before = File.Exists(path) ? Read(path) : null;
        bool isMine = before?.Run == Run;
        bool isEmpty = !Directory.EnumerateFileSystemEntries(folder).Any();
        if (!isEmpty && before is null)
        {
            throw new InvalidInputException("out", $"'{shown}' is not empty and holds no augmentation; a missing or empty folder is needed.");
        }

        if (before is not null && !isMine && mode == OutputMode.New)
        {
            throw new InvalidInputException("out", $"'{shown}' is not empty: --resume goes on with the augmentation in it, --overwrite replaces it.");
        }

        if (before is not null && !isMine && mode == OutputMode.Overwrite)
        {
            Directory.Delete(folder, recursive: true);
            Directory.CreateDirectory(folder);
        }
        else if (before is not null && Key(before) != Key(this))
        {
            string differs = before.Data != Data
                ? "other data"
                : before.Augmenter != Augmenter
                ? $"another augmenter ({before.Augmenter}, now {Augmenter})"
                : before.Features != Features
                ? $"other features for the learnt privacy check ({before.Features ?? "none"}, now {Features ?? "none"})"
                : "another specification";
            throw new InvalidInputException(
                "out", $"'{shown}' was begun with {differs}; go on with the same, or give another folder or --overwrite.");
        }

        WholeFile.Write(path, JsonSerializer.Serialize(this, SpecificationJson.Options) + "\n");
    }

    private static string Key(OutputClaim claim) => JsonSerializer.Serialize(claim with { Run = "" }, SpecificationJson.Options);

    private static OutputClaim Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<OutputClaim>(File.ReadAllBytes(path), SpecificationJson.Options) ?? throw new JsonException("null");
        }
        catch (JsonException exception)
        {
            throw new InvalidInputException(
                "out", $"{FileName} in it is not what an augmentation writes ({exception.Message}); give another folder.");
        }
    }
}
