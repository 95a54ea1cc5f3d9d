using System.Globalization;
using MedGen.Sdk.Errors;

namespace MedGen.Datasets.Reading;

/// <summary>
/// Reads a <c>manifest.csv</c> (RFC 4180, UTF-8, header line) with at least the columns path, modality_code, kind, frames, source and group_id; the
/// column licence is read where there is one.
/// </summary>
public static class ModalityManifest
{
    /// <summary>File name in a data folder.</summary>
    public const string FileName = "manifest.csv";

    /// <summary>The modality_code of pictures that no medical device took.</summary>
    public const string NoModality = "unknown";

    private static readonly string[] Required = ["path", "modality_code", "kind", "frames", "source", "group_id"];
    private static readonly string[] Kinds = ["video", "image", "dicom"];

    /// <summary>Reads and checks the manifest of a data folder.</summary>
    /// <param name="folder">The folder that holds the manifest and its files.</param>
    /// <returns>All items, in the manifest's order.</returns>
    /// <exception cref="InvalidInputException">The manifest or a file is missing, or a cell is wrong; file, line and column are named.</exception>
    public static IReadOnlyList<ModalityItem> Read(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            throw new InvalidInputException("data", $"The folder has no {FileName}.");
        }

        string root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        return [.. CsvTable.Read(path, "data", Required).Rows.Select(row => ReadItem(root, row))];
    }

    private static ModalityItem ReadItem(string root, CsvRow row)
    {
        foreach (string name in Required)
        {
            if (string.IsNullOrWhiteSpace(row[name]))
            {
                throw row.Wrong(name, "the cell is empty");
            }
        }

        string full = Path.GetFullPath(Path.Combine(root, row["path"]));
        if (!full.StartsWith(root, StringComparison.Ordinal))
        {
            throw row.Wrong("path", "the path leads out of the data folder");
        }

        if (!File.Exists(full))
        {
            throw row.Wrong("path", $"there is no file '{row["path"]}'");
        }

        string code = row["modality_code"];
        if (code != NoModality && (code.Length > 16 || code.Any(c => !char.IsAsciiLetterUpper(c) && !char.IsAsciiDigit(c))))
        {
            throw row.Wrong("modality_code", $"got '{code}'; allowed: a DICOM defined term such as US or CT, or '{NoModality}'");
        }

        if (!Kinds.Contains(row["kind"]))
        {
            throw row.Wrong("kind", $"got '{row["kind"]}'; allowed: {string.Join(", ", Kinds)}");
        }

        if (!int.TryParse(row["frames"], NumberStyles.None, CultureInfo.InvariantCulture, out int frames) || frames < 1)
        {
            throw row.Wrong("frames", $"got '{row["frames"]}', a whole number of at least 1 is expected");
        }

        return new ModalityItem
        {
            Path = row["path"],
            ModalityCode = code,
            Kind = row["kind"],
            Frames = frames,
            Source = row["source"].Split(',')[0].Trim(),
            GroupId = row["group_id"],
            Licence = row["licence"],
        };
    }
}
