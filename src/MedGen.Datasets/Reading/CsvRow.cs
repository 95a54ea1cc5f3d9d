namespace MedGen.Datasets.Reading;

/// <summary>One line of a <see cref="CsvTable"/>.</summary>
internal sealed class CsvRow(CsvTable table, int line, IReadOnlyList<string> cells)
{
    /// <summary>Line number in the file, from 1.</summary>
    public int Line => line;

    /// <summary>The cell of a column, trimmed; empty when the table lacks the column.</summary>
    public string this[string column] => table.Column(column) is { } index ? cells[index].Trim() : "";

    /// <summary>The error that a cell is wrong.</summary>
    public Sdk.Errors.InvalidInputException Wrong(string column, string what) => table.Wrong(line, column, what);
}
