namespace MedGen.Datasets.Reports;

/// <summary>A picture or a video of a report.</summary>
public sealed record ReportFigure
{
    /// <summary>The file beside the Markdown, with forward slashes; its extension (png, svg, mp4) says what it is.</summary>
    public required string FileName { get; init; }

    /// <summary>What it shows, for those who cannot see it.</summary>
    public required string Caption { get; init; }

    /// <summary>Content of the file.</summary>
    public required ReadOnlyMemory<byte> Content { get; init; }
}
