using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using MedGen.Application.Jobs;
using MedGen.Sdk.Analysis;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Mapping;

internal static class FindingMapping
{
    public static Proto.Findings ToProto(IReadOnlyList<Finding> findings, bool interim, AnalyzerIdentity analyzer) => new()
    {
        Findings_ = { findings.Select(finding => finding.ToProto(analyzer)) },
        Interim = interim,
        Analyzer = analyzer.ToProto(),
    };

    public static Proto.AnalysisSummary ToProto(int framesAnalyzed, AnalyzerIdentity analyzer) =>
        new() { FramesAnalyzed = framesAnalyzed, Analyzer = analyzer.ToProto() };

    private static Proto.Analyzer ToProto(this AnalyzerIdentity analyzer) => new()
    {
        PluginId = analyzer.PluginId,
        PluginVersion = analyzer.PluginVersion,
        Task = analyzer.Task,
        WeightsSha256 = { analyzer.Weights },
    };

    private static Proto.Finding ToProto(this Finding finding, AnalyzerIdentity analyzer)
    {
        Proto.Finding proto = new() { Output = finding.Output, Role = finding.Role ?? "" };
        switch (finding.Scope)
        {
            case SpanScope span:
                proto.Span = new Proto.Span { Start = Duration.FromTimeSpan(span.Start), End = Duration.FromTimeSpan(span.End) };
                break;
            case FrameScope frame:
                proto.Frame = new Proto.FrameReference { Index = frame.Index, Timestamp = Duration.FromTimeSpan(frame.Timestamp) };
                break;
        }

        AnalyzerOutput? output = analyzer.Find(finding.Output);
        switch (finding)
        {
            case LabelFinding labels:
                proto.Labels = labels.ToProto(output);
                break;
            case TransitionFinding transition:
                proto.Transition = new Proto.Transition
                {
                    FromLabel = transition.From,
                    ToLabel = transition.To,
                    Onset = Duration.FromTimeSpan(transition.Onset),
                    Confidence = transition.Confidence,
                };
                break;
            case MeasurementFinding measurement:
                proto.Measurement = measurement.ToProto(output?.Unit);
                break;
            case RegionFinding region:
                proto.Region = region.ToProto();
                break;
            case TextFinding text:
                proto.Text = new Proto.Text { Text_ = text.Text, Language = text.Language };
                break;
            case ArtifactFinding file:
                proto.File = new Proto.FindingFile
                {
                    FileName = file.FileName,
                    MediaType = file.MediaType,
                    ArtifactId = file.ArtifactId ?? "",
                    Content = UnsafeByteOperations.UnsafeWrap(file.Content),
                };
                break;
        }

        return proto;
    }

    private static Proto.Labels ToProto(this LabelFinding finding, AnalyzerOutput? output) => new()
    {
        Labels_ = { finding.Labels },
        Probabilities =
        {
            (output?.Labels ?? []).Zip(
                finding.Probabilities, (label, probability) => new Proto.LabelProbability { Label = label.Name, Probability = probability }),
        },
        Abstained = output?.AbstentionLabel is { } abstention && finding.Labels.Contains(abstention),
        State = finding.State switch
        {
            LabelState.Provisional => Proto.LabelState.Provisional,
            LabelState.Committed => Proto.LabelState.Committed,
            _ => Proto.LabelState.Unspecified,
        },
        Since = finding.Since is { } since ? Duration.FromTimeSpan(since) : null,
    };

    private static Proto.Measurement ToProto(this MeasurementFinding finding, string? unit) => new()
    {
        Value = finding.Value,
        Unit = unit ?? "",
        Interval = finding.Interval is { } interval
            ? new Proto.Measurement.Types.Interval { Low = interval.Low, High = interval.High, Level = interval.Level }
            : null,
        Method = finding.Method ?? "",
    };

    private static Proto.Region ToProto(this RegionFinding finding)
    {
        Proto.Region region = new() { Label = finding.Label, Score = finding.Score };
        if (finding.Track is { } track)
        {
            region.Track = track;
        }

        switch (finding)
        {
            case BoxFinding box:
                region.Box = new Proto.Box { X = box.X, Y = box.Y, Width = box.Width, Height = box.Height };
                break;
            case PolygonFinding polygon:
                region.Polygon = new Proto.Polygon { Points = { polygon.Points.Select(ToProto) } };
                break;
            case MaskFinding mask:
                region.Mask = new Proto.Mask { Runs = { mask.Runs } };
                break;
            case KeypointFinding keypoints:
                region.Keypoints = new Proto.Keypoints
                {
                    Points =
                    {
                        keypoints.Points.Select(point => new Proto.Keypoint
                        {
                            Name = point.Name,
                            Point = point.Point.ToProto(),
                            Score = point.Score,
                        }),
                    },
                };
                break;
        }

        return region;
    }

    private static Proto.Point ToProto(this ImagePoint point) => new() { X = point.X, Y = point.Y };
}
