using System.Text;
using MedGen.Sdk.Errors;

namespace MedGen.Datasets.Reading;

/// <summary>
/// A CSV file in UTF-8 with a header line (RFC 4180): a quoted cell may hold commas, doubled quotes and line ends; blank lines are skipped.
/// </summary>
internal sealed class CsvTable
{
    private readonly string _fileName;
    private readonly string _field;
    private readonly Dictionary<string, int> _columns = new(StringComparer.Ordinal);

    private CsvTable(string fileName, string field, List<(int Line, List<string> Cells)> rows, IReadOnlyList<string> required)
    {
        (_fileName, _field) = (fileName, field);
        if (rows.Count == 0)
        {
            throw Wrong(1, required[0], "the file is empty, a header line is expected");
        }

        for (int i = 0; i < rows[0].Cells.Count; i++)
        {
            _columns.TryAdd(rows[0].Cells[i].Trim(), i);
        }

        foreach (string name in required.Where(name => !_columns.ContainsKey(name)))
        {
            throw Wrong(1, name, $"the column is missing; the header has {string.Join(", ", rows[0].Cells)}");
        }

        foreach ((int line, List<string> cells) in rows.Where(row => row.Cells.Count != rows[0].Cells.Count))
        {
            throw Wrong(line, required[0], $"the line has {cells.Count} cells, the header {rows[0].Cells.Count}");
        }

        Rows = [.. rows.Skip(1).Select(row => new CsvRow(this, row.Line, row.Cells))];
        if (Rows.Count == 0)
        {
            throw Wrong(2, required[0], "there is no item");
        }
    }

    /// <summary>The lines behind the header, one or more.</summary>
    public IReadOnlyList<CsvRow> Rows { get; }

    /// <summary>Names of the columns, each once.</summary>
    public IReadOnlyCollection<string> Columns => _columns.Keys;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="field">Field that errors are about.</param>
    /// <param name="required">Columns that must be there, one or more.</param>
    /// <exception cref="InvalidInputException">It is no table or not UTF-8, has no item or lacks a column; file, line and column are
    /// named.</exception>
    public static CsvTable Read(string path, string field, params IReadOnlyList<string> required)
    {
        string fileName = Path.GetFileName(path);
        return Parse(Utf8File.Read(path, field), fileName, field, required);
    }

    /// <summary>As <see cref="Read"/>, of a file's text.</summary>
    public static CsvTable Parse(string text, string fileName, string field, params IReadOnlyList<string> required) => new(
        fileName, field, Parse(text, line => Error(field, fileName, line, required[0], "a quoted cell does not end")), required);

    /// <summary>The error that a cell is wrong.</summary>
    public InvalidInputException Wrong(int line, string column, string what) => Error(_field, _fileName, line, column, what);

    /// <summary>Position of a column; null when the table lacks it.</summary>
    public int? Column(string name) => _columns.TryGetValue(name, out int index) ? index : null;

    private static InvalidInputException Error(string field, string fileName, int line, string column, string what) =>
        new(field, $"{fileName}, line {line}, column {column}: {what}.");

    private static List<(int Line, List<string> Cells)> Parse(string text, Func<int, InvalidInputException> unfinished)
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
                throw unfinished(start);
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
