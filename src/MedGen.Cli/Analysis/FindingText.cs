using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using MedGen.Protos.V1;

namespace MedGen.Cli.Analysis;

/// <summary>Findings in words, one line each.</summary>
internal static class FindingText
{
    /// <summary>Where a finding is: <c>clip</c>, a span or a frame.</summary>
    public static string Where(Finding finding)
    {
        string where = finding.ScopeCase switch
        {
            Finding.ScopeOneofCase.Span => $"{Seconds(finding.Span.Start)} to {Seconds(finding.Span.End)} s",
            Finding.ScopeOneofCase.Frame => $"{Seconds(finding.Frame.Timestamp)} s, frame {finding.Frame.Index}",
            _ => "clip",
        };
        return finding.Role.Length == 0 ? where : $"{finding.Role}: {where}";
    }

    /// <summary>What was found.</summary>
    public static string What(Finding finding) => finding.ValueCase switch
    {
        Finding.ValueOneofCase.Labels => Describe(finding.Labels),
        Finding.ValueOneofCase.Transition =>
            Text($"{finding.Transition.FromLabel} -> {finding.Transition.ToLabel} ({finding.Transition.Confidence:0.00})"),
        Finding.ValueOneofCase.Measurement => Describe(finding.Measurement),
        Finding.ValueOneofCase.Region => Describe(finding.Region),
        Finding.ValueOneofCase.Text => finding.Text.Text_,
        Finding.ValueOneofCase.File => $"{finding.File.FileName} ({finding.File.MediaType}, {finding.File.ArtifactId})",
        _ => "of a kind that this version does not know",
    };

    private static string Describe(Labels labels)
    {
        if (labels.Labels_.Count == 0)
        {
            return "none";
        }

        Dictionary<string, double> probabilities = labels.Probabilities.ToDictionary(one => one.Label, one => one.Probability);
        return string.Join(
            ", ", labels.Labels_.Select(label => probabilities.TryGetValue(label, out double p) ? Text($"{label} {p:0.00}") : label));
    }

    private static string Describe(Measurement measurement)
    {
        string unit = measurement.Unit == "1" ? "" : $" {measurement.Unit}";
        string interval = measurement.Interval is { } known
            ? Text($" ({known.Low:0.####} to {known.High:0.####}, {known.Level:0.##%})")
            : "";
        return Text($"{measurement.Value:0.####}{unit}{interval}");
    }

    private static string Describe(Region region)
    {
        string shape = region.ShapeCase switch
        {
            Region.ShapeOneofCase.Box => Text($"box {region.Box.Width:0.#}x{region.Box.Height:0.#} px at {region.Box.X:0.#}, {region.Box.Y:0.#}"),
            Region.ShapeOneofCase.Polygon => $"polygon of {region.Polygon.Points.Count} corners",
            Region.ShapeOneofCase.Mask => $"mask of {region.Mask.Runs.Where((_, i) => i % 2 == 1).Sum(run => (long)run)} px",
            Region.ShapeOneofCase.Keypoints => $"{region.Keypoints.Points.Count} points",
            _ => "region",
        };
        string track = region.Track is { } number ? $", track {number}" : "";
        return Text($"{region.Label} {region.Score:0.00}, {shape}{track}");
    }

    private static string Seconds(Duration time) => Text($"{time.ToTimeSpan().TotalSeconds:0.00}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
