using System.Text.Json;
using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Specifications;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Files;
using MedGen.Sdk.Models;

namespace MedGen.Datasets.Adapters;

/// <summary>The adapters of a run: a folder in its output, with a file and a record for each.</summary>
/// <param name="output">Output folder of the run.</param>
public sealed class AdapterStore(string output)
{
    /// <summary>Name of the folder.</summary>
    public const string FolderName = "adapters";

    private const string WorkExtension = ".training";
    private const string DataSuffix = "." + TrainingData.FileName;
    private readonly string _folder = Path.Combine(output, FolderName);

    /// <summary>Reads the records that are there.</summary>
    /// <returns>The records, by name.</returns>
    /// <exception cref="InvalidInputException">A record was changed by somebody else.</exception>
    public IReadOnlyList<AdapterRecord> Read() => Directory.Exists(_folder)
        ? [.. Directory.EnumerateFiles(_folder, "*.json").Where(path => !path.EndsWith(DataSuffix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(Read)]
        : [];

    internal string FileOf(string name) => Path.Combine(_folder, $"{name}.safetensors");

    internal string WorkFolderOf(string name) => Path.Combine(_folder, $"{name}{WorkExtension}");

    /// <summary>Makes the folder, without what trainings of other adapters than these left: it was made from recordings.</summary>
    internal void Prepare(IEnumerable<string> names)
    {
        Directory.CreateDirectory(_folder);
        foreach (string stale in Directory.GetDirectories(_folder, $"*{WorkExtension}").Except(names.Select(WorkFolderOf)))
        {
            Directory.Delete(stale, recursive: true);
        }
    }

    /// <summary>Writes what it was trained on and a record; the adapter counts from now on, and what its training needed goes.</summary>
    internal void Add(AdapterRecord record, TrainingData data)
    {
        WholeFile.Write(Path.Combine(_folder, record.Name + DataSuffix), data.ToJson());
        WholeFile.Write(Path.Combine(_folder, $"{record.Name}.json"), JsonSerializer.Serialize(record, SpecificationJson.Options) + "\n");
        if (Directory.Exists(WorkFolderOf(record.Name)))
        {
            Directory.Delete(WorkFolderOf(record.Name), recursive: true);
        }
    }

    private static AdapterRecord Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<AdapterRecord>(File.ReadAllBytes(path), SpecificationJson.Options) ?? throw new JsonException("null");
        }
        catch (JsonException exception)
        {
            throw new InvalidInputException(
                "out", $"{FolderName}/{Path.GetFileName(path)} cannot be read ({exception.Message}); --overwrite starts anew.");
        }
    }
}
