using MedGen.Sdk.Errors;

namespace MedGen.Datasets.Reading;

/// <summary>One line of whatever lists the clips of a data set.</summary>
/// <param name="Line">Line number in the file, from 1.</param>
/// <param name="Cells">Cells that are not empty, trimmed, by column.</param>
/// <param name="Wrong">The error that a cell is wrong, from its column and what is wrong.</param>
internal sealed record MetadataRow(int Line, IReadOnlyDictionary<string, string> Cells, Func<string, string, InvalidInputException> Wrong)
{
    /// <summary>A cell; empty where there is none.</summary>
    public string this[string column] => Cells.GetValueOrDefault(column, "");
}
