using System.Globalization;
using System.Text;
using MedGen.Abstractions.Errors;

namespace MedGen.Training.ImagingModality;

/// <summary>
/// Reads a <c>manifest.csv</c> (RFC 4180, UTF-8, header line) with at least the columns path, modality_code, kind, frames, source and group_id.
/// </summary>
public static class ModalityManifest
{
    /// <summary>File name in a data folder.</summary>
    public const string FileName = "manifest.csv";

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

        List<(int Line, List<string> Cells)> rows = Parse(File.ReadAllText(path, Encoding.UTF8));
        if (rows.Count == 0)
        {
            throw Wrong(1, "path", "the file is empty, a header line is expected");
        }

        var columns = new Dictionary<string, int>();
        for (int i = 0; i < rows[0].Cells.Count; i++)
        {
            columns.TryAdd(rows[0].Cells[i], i);
        }

        foreach (string name in Required)
        {
            if (!columns.ContainsKey(name))
            {
                throw Wrong(1, name, $"the column is missing; the header has {string.Join(", ", rows[0].Cells)}");
            }
        }

        string root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        var items = new List<ModalityItem>();
        foreach ((int line, List<string> cells) in rows.Skip(1))
        {
            if (cells.Count != rows[0].Cells.Count)
            {
                throw Wrong(line, "path", $"the line has {cells.Count} cells, the header {rows[0].Cells.Count}");
            }

            items.Add(ReadItem(root, line, name => cells[columns[name]]));
        }

        return items.Count > 0 ? items : throw Wrong(2, "path", "there is no item");
    }

    private static ModalityItem ReadItem(string root, int line, Func<string, string> cell)
    {
        foreach (string name in Required)
        {
            if (string.IsNullOrWhiteSpace(cell(name)))
            {
                throw Wrong(line, name, "the cell is empty");
            }
        }

        string full = Path.GetFullPath(Path.Combine(root, cell("path")));
        if (!full.StartsWith(root, StringComparison.Ordinal))
        {
            throw Wrong(line, "path", "the path leads out of the data folder");
        }

        if (!File.Exists(full))
        {
            throw Wrong(line, "path", $"there is no file '{cell("path")}'");
        }

        if (cell("modality_code") is not { Length: <= 16 } code || code.Any(c => !char.IsAsciiLetterUpper(c) && !char.IsAsciiDigit(c)))
        {
            throw Wrong(line, "modality_code", $"got '{cell("modality_code")}', a DICOM defined term such as US or CT is expected");
        }

        if (!Kinds.Contains(cell("kind")))
        {
            throw Wrong(line, "kind", $"got '{cell("kind")}', allowed are {string.Join(", ", Kinds)}");
        }

        if (!int.TryParse(cell("frames"), NumberStyles.None, CultureInfo.InvariantCulture, out int frames) || frames < 1)
        {
            throw Wrong(line, "frames", $"got '{cell("frames")}', a whole number of at least 1 is expected");
        }

        return new ModalityItem
        {
            Path = cell("path"),
            ModalityCode = code,
            Kind = cell("kind"),
            Frames = frames,
            Source = cell("source").Split(',')[0].Trim(),
            GroupId = cell("group_id"),
        };
    }

    private static InvalidInputException Wrong(int line, string column, string what) =>
        new("data", $"{FileName}, line {line}, column {column}: {what}.");

    /// <summary>Cells by line; a quoted cell may hold commas, doubled quotes and line ends. Blank lines are skipped.</summary>
    private static List<(int Line, List<string> Cells)> Parse(string text)
    {
        var rows = new List<(int, List<string>)>();
        var cells = new List<string>();
        var cell = new StringBuilder();
        (int line, int start, bool quoted) = (1, 1, false);
        for (int i = 0; i <= text.Length; i++)
        {
            char c = i < text.Length ? text[i] : '\n';
            if (quoted && i < text.Length)
            {
                if (c != '"')
                {
                    line += c == '\n' ? 1 : 0;
                    cell.Append(c);
                }
                else if (i + 1 < text.Length && text[i + 1] == '"')
                {
                    cell.Append('"');
                    i++;
                }
                else
                {
                    quoted = false;
                }
            }
            else if (quoted)
            {
                throw Wrong(start, "path", "a quoted cell does not end");
            }
            else if (c == '"')
            {
                quoted = true;
            }
            else if (c is ',' or '\n')
            {
                cells.Add(cell.ToString());
                cell.Clear();
                if (c == '\n')
                {
                    if (cells is not [""])
                    {
                        rows.Add((start, cells));
                    }

                    cells = [];
                    start = ++line;
                }
            }
            else if (c is not '\r' and not '\uFEFF')
            {
                cell.Append(c);
            }
        }

        return rows;
    }
}
