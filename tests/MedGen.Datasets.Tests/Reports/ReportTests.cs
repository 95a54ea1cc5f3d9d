using MedGen.Datasets.Reports;

namespace MedGen.Datasets.Tests.Reports;

public sealed class ReportTests : IDisposable
{
    private static readonly ReportFigure Figure = new() { FileName = "figures/one.png", Caption = "<one> | two", Content = new byte[] { 1, 2, 3 } };
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-report-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ToMarkdown_OfEveryBlock_SeparatesThemByEmptyLines()
    {
        Report report = new("Title") { FrontMatter = "license: other" };
        report.Text($"First sentence, {0.5:P0}.", $"Second sentence.");
        report.List(["one", "two"]);
        report.List([]);
        report.Section("Figures");
        report.Table(["name", "value"], [Report.Row($"a|b\nc", $"{1.26:F1}")]);
        report.Figure(Figure);

        report.ToMarkdown().ShouldBe(
            """
            ---
            license: other
            ---

            # Title

            First sentence, 50 %. Second sentence.

            - one
            - two

            ## Figures

            | name | value |
            |---|---|
            | a\|b c | 1.3 |

            ![<one> \| two](figures/one.png)

            """);
    }

    [Fact]
    public void ToHtml_OfTextThatLooksLikeMarkup_ShowsItAsText()
    {
        Report report = new("<script>");
        report.Text($"**<b>** and `<i>`");
        report.Table(["<th>"], [[Figure], [new ReportCell { Text = "<td>", Share = 0.25 }]]);
        report.Figure(Figure with { FileName = "curves.svg", Content = "<svg/>"u8.ToArray() });

        string html = report.ToHtml();

        html.ShouldContain("<h1>&lt;script&gt;</h1>");
        html.ShouldContain("<p><strong>&lt;b&gt;</strong> and <code>&lt;i&gt;</code></p>");
        html.ShouldContain("<img alt=\"&lt;one&gt; | two\" src=\"data:image/png;base64,AQID\">");
        html.ShouldContain("style=\"width:25%\"></span></span>&lt;td&gt;</td>");
        html.ShouldContain("<p><svg/></p>");
        html.ShouldNotContain("<script>");
    }

    [Fact]
    public void Write_OfFigures_PutsThemWhereTheMarkdownLooks()
    {
        Report report = new("Title");
        report.Table(["figure"], [[Figure]]);

        report.Write(_folder, "README.md");

        File.ReadAllBytes(Path.Combine(_folder, Figure.FileName)).ShouldBe([1, 2, 3]);
        File.ReadAllText(Path.Combine(_folder, "README.md")).ShouldBe(report.ToMarkdown());
    }

    [Fact]
    public void Include_OfAnotherReport_MovesItsHeadingsOneLevelDown()
    {
        Report inner = new("Inner");
        inner.Section("Part");
        Report outer = new("Outer");

        outer.Include(inner);

        outer.ToMarkdown().ShouldBe("# Outer\n\n## Inner\n\n### Part\n");
    }

    [Fact]
    public void Table_RowOfOtherWidth_IsRefused() =>
        Should.Throw<ArgumentException>(() => new Report("Title").Table(["one", "two"], [Report.Row($"1")])).Message.ShouldStartWith("A row has 1 cells where the head has 2.");
}
