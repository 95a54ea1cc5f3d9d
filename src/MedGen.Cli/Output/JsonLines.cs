using MedGen.Datasets.Reports;

namespace MedGen.Cli.Output;

/// <summary>Standard output under <c>--json</c>: one object a line, and nothing else.</summary>
internal static class JsonLines
{
    public static void Write<T>(T value) => Console.Out.WriteLine(ReportJson.Line(value));
}
