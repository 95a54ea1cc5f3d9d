using System.Globalization;
using System.Text;
using System.Text.Json;
using MedGen.Datasets.Specifications;
using MedGen.Sdk.Augmentation;
using MedGen.Datasets.Augmentation;
using MedGen.Sdk.Files;
using MedGen.Datasets.Reading;

namespace MedGen.Datasets.Writing;

/// <summary>
/// <c>manifest.csv</c>: every clip, refused ones too; <c>metadata.csv</c>: the same columns for the clips that lie in the folder, once for all of
/// them and once in the folder of each split, where Hugging Face's VideoFolder looks for it.
/// </summary>
internal static class ManifestTable
{
    public const string FileName = "manifest.csv";
    public const string MetadataName = "metadata.csv";

    /// <summary>Index of the file's name.</summary>
    public const int NameColumn = 0;

    /// <summary>Index of the split.</summary>
    public const int SplitColumn = 2;

    private static readonly string[] Columns =
    [
        "file_name", "label", "split", "source", "patient_id", "prompt", "negative_prompt", "seed", "model_hash", "steps", "guidance_scale", "shift",
        "frames_per_second", "num_frames",
        "filter_scores", "nn_distance", "nn_id", "kept", "reject_reason", "caption", "method", "origin", "derived_from", "parameters",
        "label_weights", "licence",
        "attribution", "frames_sha256", "adapter", "adapter_sha256",
    ];

    // What a data set's list says of a clip, and the manifest says under a name of its own.
    private static readonly string[] Renamed = ["file_name", "label", "split", "patient_id", "caption", "licence", "attribution"];

    /// <summary>Names of the columns, in order: the manifest's, then the data set's own, which only its real clips have values in.</summary>
    /// <param name="items">The data set. A column that is called like one of the manifest's gets <c>data_</c> before its name.</param>
    public static IReadOnlyList<string> ColumnsOf(IReadOnlyList<DatasetItem> items)
    {
        List<string> names = [.. Columns];
        foreach (string own in OwnColumns(items))
        {
            string name = own;
            while (names.Contains(name))
            {
                name = $"data_{name}";
            }

            names.Add(name);
        }

        return names;
    }

    /// <summary>Writes both tables.</summary>
    public static void Write(string folder, AugmentationSpec spec, AugmentationSummary summary, Func<DatasetItem, string?> realName)
    {
        StringBuilder manifest = new();
        StringBuilder metadata = new();
        Dictionary<string, StringBuilder> splits = [];
        IReadOnlyList<string> columns = ColumnsOf(summary.Items);
        CsvText.AppendLine(manifest, columns);
        CsvText.AppendLine(metadata, columns);
        foreach ((bool isInFolder, string?[] cells) in Rows(spec, summary, realName))
        {
            CsvText.AppendLine(manifest, cells);
            if (isInFolder)
            {
                CsvText.AppendLine(metadata, cells);
                string split = cells[SplitColumn]!;
                if (!splits.TryGetValue(split, out StringBuilder? own))
                {
                    splits.Add(split, own = new StringBuilder());
                    CsvText.AppendLine(own, columns);
                }

                CsvText.AppendLine(own, [cells[0]![(split.Length + 1)..], .. cells[1..]]);
            }
        }

        WholeFile.Write(Path.Combine(folder, FileName), manifest.ToString());
        WholeFile.Write(Path.Combine(folder, MetadataName), metadata.ToString());
        foreach ((string split, StringBuilder own) in splits)
        {
            WholeFile.Write(Path.Combine(folder, split, MetadataName), own.ToString());
        }
    }

    /// <summary>All clips, real ones first; each with its cells and whether it lies in the folder.</summary>
    public static IEnumerable<(bool IsInFolder, string?[] Cells)> Rows(
        AugmentationSpec spec, AugmentationSummary summary, Func<DatasetItem, string?> realName)
    {
        Dictionary<string, DatasetItem> byName = summary.Items.ToDictionary(item => item.FileName);
        string[] own = OwnColumns(summary.Items);
        string?[] none = new string?[own.Length];
        return
        [
            .. summary.Items.Select(item => (realName(item) is not null,
                (string?[])[.. Cells(item, realName(item) ?? item.FileName), .. own.Select(column => item.Columns.GetValueOrDefault(column))])),
            .. summary.Records.Select(record => (record.Kept, (string?[])[.. Cells(record, spec, byName), .. none])),
        ];
    }

    /// <summary>What was stated of the sources, each once, joined.</summary>
    public static string? Joined(IEnumerable<string?> texts)
    {
        string[] distinct = [.. texts.OfType<string>().Distinct()];
        return distinct.Length == 0 ? null : string.Join(" | ", distinct);
    }

    private static string[] OwnColumns(IReadOnlyList<DatasetItem> items) =>
        [.. items.SelectMany(item => item.Columns.Keys).Distinct(StringComparer.Ordinal).Except(Renamed).Order(StringComparer.Ordinal)];

    private static string?[] Cells(DatasetItem item, string name) =>
    [
        name, item.Label, SplitTable.NameOf(item.Split), "real", item.PatientId, null, null, null, null, null, null, null, null, null,
        null, null, null, "true", null, item.Caption, null, null, null, null, null, item.Licence, item.Attribution, null, null, null,
    ];

    private static string?[] Cells(ClipRecord record, AugmentationSpec spec, Dictionary<string, DatasetItem> items)
    {
        DatasetItem[] sources = [.. record.DerivedFrom.Select(name => items[name])];
        return
        [
            record.FileName ?? $"refused/{record.Id}", record.Label, "train", "synthetic", string.Join(
                '|', record.Patients), record.Prompt, record.NegativePrompt, Text(record.Seed),
            record.ModelHash, Text(record.Steps), Text(record.GuidanceScale), Text(record.Shift), Text(
                spec.Clip.FramesPerSecond), Text(spec.Clip.NumFrames),
            Json(record.Scores), Text(record.NearestDistance), record.NearestId, record.Kept ? "true" : "false", record.RejectReason,
            sources is [{ Caption: { } caption }] && record.Origin != ClipOrigin.Generated
                ? caption
                : record.Prompt, record.Method, record.Origin.ToString().ToLowerInvariant(),
            string.Join('|', record.DerivedFrom), record.Parameters.Count == 0 ? null : Json(record.Parameters),
            record.LabelWeights is { } weights ? Json(weights) : null,
            Joined(sources.Select(source => source.Licence)), Joined(
                sources.Select(source => source.Attribution)), record.FramesSha256, record.Adapter, record.AdapterSha256,
        ];
    }

    private static string? Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture);

    private static string Json<T>(IReadOnlyDictionary<string, T> values) => JsonSerializer.Serialize(values, SpecificationJson.Options);
}
