using System.Text;

namespace MedGen.Datasets.Writing;

/// <summary>Tables as RFC 4180 writes them.</summary>
internal static class CsvText
{
    /// <summary>Appends a line.</summary>
    public static void AppendLine(StringBuilder text, IEnumerable<string?> cells) => text.AppendJoin(',', cells.Select(Quoted)).Append('\n');

    private static string Quoted(string? cell) => cell is null ? ""
        : cell.AsSpan().IndexOfAny("\",\n\r") < 0 ? cell
        : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
