namespace MedGen.Datasets.Reports;

/// <summary>A cell of a table: text, a figure, or a share that a page shows as a bar.</summary>
public sealed record ReportCell
{
    /// <summary>The text; of a figure, its caption.</summary>
    public required string Text { get; init; }

    /// <summary>The figure; null: none.</summary>
    public ReportFigure? Figure { get; private init; }

    /// <summary>A share of a whole, 0 to 1, drawn beside the text; null: none.</summary>
    public double? Share { get; init; }

    /// <summary>A cell of text.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator ReportCell(string text) => FromString(text);

    /// <summary>A cell with a figure.</summary>
    /// <param name="figure">The figure.</param>
    public static implicit operator ReportCell(ReportFigure figure) => FromReportFigure(figure);

    /// <summary>A cell of text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The cell.</returns>
    public static ReportCell FromString(string text) => new() { Text = text };

    /// <summary>A cell with a figure.</summary>
    /// <param name="figure">The figure.</param>
    /// <returns>The cell.</returns>
    public static ReportCell FromReportFigure(ReportFigure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        return new() { Text = figure.Caption, Figure = figure };
    }
}
