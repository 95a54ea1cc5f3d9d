using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Files;

namespace MedGen.Datasets.Reading;

/// <summary>
/// WebDataset: files of one sample share their name up to the first dot. Beside the media, <c>.cls</c> holds the label, <c>.txt</c> the caption, and
/// <c>.json</c> any columns (label, caption, patient_id, split, …), which win.
/// </summary>
internal static class WebDatasetSamples
{
    private static readonly string[] Described = [".cls", ".txt", ".json"];

    /// <summary>
    /// Puts what the samples say into <c>metadata.jsonl</c> in the place of the files that say it; nothing where no file stands beside another.
    /// </summary>
    /// <exception cref="InvalidInputException">A .json is no JSON object, a text is not UTF-8, or a sample has no media or several.</exception>
    public static void WriteMetadata(string root)
    {
        string[] files =
            [.. PassedOver.FilesBelow(root).Select(file => Path.GetRelativePath(root, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];
        if (!files.Any(file => Described.Contains(Path.GetExtension(file))))
        {
            return;
        }

        StringBuilder lines = new();
        foreach (IGrouping<string, string> sample in files.GroupBy(Key))
        {
            string[] media = [.. sample.Where(file => !Described.Contains(Path.GetExtension(file)))];
            JsonObject cells = [];
            foreach (string file in sample.Except(media))
            {
                Add(cells, Path.Combine(root, file), sample.Key);
                File.Delete(Path.Combine(root, file)); // read into the list, so no file that was passed over
            }

            cells["file_name"] = media is [var one]
                ? one
                : throw new InvalidInputException("data", $"sample '{sample.Key}' has {media.Length} media files; one is needed.");
            lines.Append(cells.ToJsonString()).Append('\n');
        }

        WholeFile.Write(Path.Combine(root, MetadataTable.JsonLines), lines.ToString());
    }

    private static string Key(string file)
    {
        int slash = file.LastIndexOf('/') + 1;
        int dot = file.IndexOf('.', slash);
        return dot < 0 ? file : file[..dot];
    }

    private static void Add(JsonObject cells, string path, string sample)
    {
        string text = Utf8File.Read(path, "data").Trim();
        switch (Path.GetExtension(path))
        {
            case ".cls":
                cells.TryAdd("label", text);
                break;
            case ".txt":
                cells.TryAdd("caption", text);
                break;
            default:
                try
                {
                    foreach ((string name, JsonNode? value) in JsonNode.Parse(text)?.AsObject() ?? [])
                    {
                        cells[name] = value?.DeepClone();
                    }
                }
                catch (Exception exception) when (exception is JsonException or InvalidOperationException)
                {
                    throw new InvalidInputException("data", $"sample '{sample}': the .json is no JSON object ({exception.Message}).");
                }

                break;
        }
    }
}
