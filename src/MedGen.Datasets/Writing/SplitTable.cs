using System.Text;
using MedGen.Sdk.Files;
using MedGen.Datasets.Reading;

namespace MedGen.Datasets.Writing;

/// <summary><c>splits.csv</c>: which clip and patient is for what.</summary>
internal static class SplitTable
{
    public const string FileName = "splits.csv";

    public static void Write(string folder, IReadOnlyList<DatasetItem> items)
    {
        StringBuilder text = new();
        CsvText.AppendLine(text, ["file_name", "patient_id", "label", "split"]);
        foreach (DatasetItem item in items)
        {
            CsvText.AppendLine(text, [item.FileName, item.PatientId, item.Label, NameOf(item.Split)]);
        }

        WholeFile.Write(Path.Combine(folder, FileName), text.ToString());
    }

    /// <summary>How a split is written.</summary>
    public static string NameOf(DatasetSplit split) => split.ToString().ToLowerInvariant();
}
