namespace MedGen.Datasets.Reports;

/// <summary>A part of a report.</summary>
internal abstract record ReportBlock
{
    /// <summary>The figures in it.</summary>
    public virtual IEnumerable<ReportFigure> Figures => [];

    public sealed record Heading(string Text, int Level) : ReportBlock;

    public sealed record Paragraph(string Text) : ReportBlock;

    public sealed record Bullets(IReadOnlyList<string> Items) : ReportBlock;

    public sealed record Table(IReadOnlyList<ReportCell> Head, IReadOnlyList<IReadOnlyList<ReportCell>> Rows) : ReportBlock
    {
        public override IEnumerable<ReportFigure> Figures => Rows.SelectMany(row => row).Select(cell => cell.Figure).OfType<ReportFigure>();
    }

    public sealed record Picture(ReportFigure Figure) : ReportBlock
    {
        public override IEnumerable<ReportFigure> Figures => [Figure];
    }
}
