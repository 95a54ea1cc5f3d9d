using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Sdk.Tests.Analysis;

public class FindingRulesTests
{
    private static readonly FindingScope Frame = FindingScope.Frame(3, TimeSpan.FromSeconds(1));

    private static readonly AnalyzerDescription Description = new()
    {
        Task = "all",
        Summary = "Finds everything.",
        Outputs =
        [
            Output("brightness", OutputKind.Labels, "dark", "bright") with { Exclusive = true, AbstentionLabel = "unknown" },
            Output("signs", OutputKind.Labels, "b-lines", "effusion"),
            Output("ef", OutputKind.Measurement) with { Unit = "%", Minimum = 0, Maximum = 100 },
            Output("polyps", OutputKind.Boxes, "polyp"),
            Output("outline", OutputKind.Polygons, "tool"),
            Output("tools", OutputKind.Masks, "tool"),
            Output("joints", OutputKind.Keypoints, "hand"),
            Output("report", OutputKind.Text),
            Output("file", OutputKind.Artifact),
        ],
    };

    public static TheoryData<string, AnalysisUpdate[], string> Wrong => new()
    {
        { "two ends", [new AnalysisCompleted { FramesAnalyzed = 1 }, new AnalysisCompleted { FramesAnalyzed = 1 }], "update: comes after" },
        { "null", [null!], "update: is null" },
        { "no list", [new FinalFindings { Findings = null! }], "findings: has 0; allowed: a list of at most 10000." },
        { "too much at once", [Final([.. Enumerable.Repeat(Bright, FindingRules.MostAtOnce + 1)])], "findings: has 10001; allowed: a list of at most 10000." },
        { "a null finding", [Final([null!])], "findings[0].output: got ''; allowed: " },
        { "another output", [Final(Bright with { Output = "colour" })], "findings[0].output: got 'colour'; allowed: brightness, signs" },
        { "a second bad one", [Final(Bright, Bright with { Labels = [] })], "findings[1].labels: has 0; allowed: 1, as the output is exclusive." },
        { "another kind", [Final(new TextFinding { Output = "brightness", Text = "x", Language = "en" })], "findings[0].kind: got TextFinding; allowed: one of the output's kind, Labels." },
        { "a foreign role", [Final(Bright with { Role = "a4c" })], "findings[0].role: got 'a4c'; allowed: clip." },
        { "a foreign label", [Final(Bright with { Labels = ["sunny"] })], "findings[0].labels: has a label that is none of the output's; allowed: dark, bright." },
        { "a null label", [Final(Bright with { Labels = [null!] })], "findings[0].labels" },
        { "two labels", [Final(Bright with { Labels = ["dark", "bright"] })], "findings[0].labels: has 2; allowed: 1, as the output is exclusive." },
        { "too few probabilities", [Final(Bright with { Probabilities = [1] })], "findings[0].probabilities: has 1; allowed: one for each of the 2 labels" },
        { "a probability below 0", [Final(Bright with { Probabilities = [-5, 17] })], "findings[0].probabilities: got -5; allowed: 0 to 1." },
        { "NaN", [Final(Bright with { Probabilities = [double.NaN, 1] })], "findings[0].probabilities: got NaN; allowed: 0 to 1." },
        { "a sum of 0.5", [Final(Bright with { Probabilities = [0.25, 0.25] })], "findings[0].probabilities: add up to 0.5; allowed: 1 ± 0.001" },
        { "no scope", [Final(Bright with { Scope = null! })], "findings[0].scope: is null" },
        { "a negative frame", [Final(Bright with { Scope = FindingScope.Frame(-1, TimeSpan.Zero) })], "findings[0].scope.index: got -1; allowed: at least 0." },
        { "a negative time", [Final(Bright with { Scope = FindingScope.Frame(1, TimeSpan.FromSeconds(-1)) })], "findings[0].scope.timestamp: got -1 s" },
        {
            "a span that ends first", [Final(Bright with { Scope = FindingScope.Span(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1)) })],
            "findings[0].scope.end: got 1 s; allowed: after start, 2 s."
        },
        {
            "times that go back", [Interim(Bright with { Scope = Frame }), Interim(Bright with { Scope = FindingScope.Frame(0, TimeSpan.Zero) })],
            "findings[0].scope.timestamp: got 0 s; allowed: at least 1 s."
        },
        { "a negative number of frames", [new AnalysisCompleted { FramesAnalyzed = -3 }], "frames_analyzed: got -3" },
        { "progress that goes back", [new AnalysisProgress { FramesDone = 2 }, new AnalysisProgress { FramesDone = 1 }], "frames_done: got 1; allowed: 2" },
        { "progress over its total", [new AnalysisProgress { FramesDone = 2, FramesTotal = 1 }], "frames_total: got 1; allowed: 0, or at least frames_done, 2." },
        { "a transition of no frame", [Final(Change with { Scope = FindingScope.Clip })], "findings[0].scope: is no frame" },
        { "an onset after its frame", [Final(Change with { Onset = TimeSpan.FromSeconds(2) })], "findings[0].onset: got 2 s; allowed: 0 s to the time of the frame, 1 s." },
        { "a transition of independent labels", [Final(Change with { Output = "signs" })], "findings[0].kind: got TransitionFinding" },
        { "a value above its range", [Final(Fraction with { Value = 142 })], "findings[0].value: got 142; allowed: 0 to 100." },
        { "a value that is none", [Final(Fraction with { Value = double.NaN })], "findings[0].value: got NaN; allowed: 0 to 100." },
        { "an interval beside its value", [Final(Fraction with { Interval = new() { Low = 60, High = 70 } })], "findings[0].interval.low: got 60" },
        { "a level of 1", [Final(Fraction with { Interval = new() { Low = 50, High = 60, Level = 1 } })], "findings[0].interval.level: got 1; allowed: above 0 and below 1." },
        { "a box without a frame", [Final(Box with { Scope = FindingScope.Clip })], "findings[0].scope: is no frame" },
        { "a box beside the clip", [Final(Box with { X = 60 })], "findings[0].x: got 70; allowed: -0.5 to 64.5." },
        { "a box of no width", [Final(Box with { Width = 0 })], "findings[0].width: got 0; allowed: above 0." },
        { "a score above 1", [Final(Box with { Score = 42 })], "findings[0].score: got 42; allowed: 0 to 1." },
        { "a negative track", [Final(Box with { Track = -1 })], "findings[0].track: got -1" },
        { "a polygon of two corners", [Final(Outline(2))], "findings[0].points: has 2; allowed: 3 to 10000." },
        { "a mask of too few pixels", [Final(Mask(0, 5))], "findings[0].runs: add up to 5; allowed: the clip's pixels, 3072." },
        { "a mask with a negative run", [Final(Mask(-1, 3073))], "findings[0].runs: has a negative length" },
        { "a name twice", [Final(Joints("wrist", "wrist"))], "findings[0].points: has a name twice; allowed: each name once." },
        { "no text", [Final(new TextFinding { Output = "report", Text = "", Language = "en" })], "findings[0].text: has 0 characters; allowed: 1 to 65536." },
        { "too much text", [Final(new TextFinding { Output = "report", Text = new('x', 65_537), Language = "en" })], "findings[0].text: has 65537 characters" },
        { "a file in a folder", [Final(File with { FileName = "../x" })], "findings[0].file_name: has a folder; allowed: a name alone." },
        { "a file without content", [Final(File with { Content = default })], "findings[0].content: got 0; allowed: 1 to 67108864." },
    };

    private static LabelFinding Bright { get; } = new() { Output = "brightness", Labels = ["bright"], Probabilities = [0.25, 0.75] };

    private static TransitionFinding Change { get; } =
        new() { Output = "brightness", Scope = Frame, From = "dark", To = "bright", Onset = TimeSpan.Zero, Confidence = 0.5 };

    private static MeasurementFinding Fraction { get; } = new() { Output = "ef", Value = 54 };

    private static BoxFinding Box { get; } = new() { Output = "polyps", Scope = Frame, Label = "polyp", Score = 0.5, X = 1, Y = 2, Width = 10, Height = 10 };

    private static ArtifactFinding File { get; } = new() { Output = "file", FileName = "x.pdf", MediaType = "application/pdf", Content = new byte[] { 1 } };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Check_WrongUpdate_NamesFieldGotAndAllowed(string what, AnalysisUpdate[] updates, string message)
    {
        FindingRules rules = Rules();
        Violations violations = new();

        foreach (AnalysisUpdate update in updates)
        {
            rules.Check(update, violations);
        }

        string all = string.Join(" ", violations.Found.Select(violation => $"{violation.Field}: {violation.Description}"));
        all.ShouldContain(message, customMessage: what);
    }

    [Fact]
    public void Check_OneOfEachKind_FindsNothing()
    {
        FindingRules rules = Rules();
        Violations violations = new();

        rules.Check(new AnalysisProgress { FramesDone = 1, FramesTotal = 2 }, violations);
        rules.Check(Interim(Bright with { Scope = Frame, Labels = ["unknown"], Probabilities = [] }), violations);
        rules.Check(
            Final(
                Bright, Change, Fraction with { Interval = new() { Low = 50, High = 58 } }, Box, Outline(3), Mask(0, 72, 3000), Joints("wrist", "thumb"), File,
                new LabelFinding { Output = "signs", Labels = ["b-lines", "effusion"], Probabilities = [0.9, 0.8] },
                new LabelFinding { Output = "signs", Labels = [], Scope = FindingScope.Span(TimeSpan.Zero, TimeSpan.FromSeconds(1)) },
                new TextFinding { Output = "report", Text = "All well.", Language = "en", Role = "clip" }),
            violations);
        rules.Check(new AnalysisCompleted { FramesAnalyzed = 2 }, violations);

        violations.Found.ShouldBeEmpty();
        rules.IsCompleted.ShouldBeTrue();
    }

    private static FindingRules Rules() =>
        new(Description, new Dictionary<string, VideoInfo> { ["clip"] = new() { Width = 64, Height = 48 } });

    private static AnalyzerOutput Output(string name, OutputKind kind, params string[] labels) =>
        new() { Name = name, Description = "x", Kind = kind, Labels = OutputLabel.Of(labels) };

    private static FinalFindings Final(params Finding[] findings) => new() { Findings = findings };

    private static InterimFindings Interim(params Finding[] findings) => new() { Findings = findings };

    private static PolygonFinding Outline(int corners) => new()
    {
        Output = "outline", Scope = Frame, Label = "tool", Score = 1, Points = [.. Enumerable.Range(0, corners).Select(i => new ImagePoint { X = i, Y = i * i })],
    };

    private static MaskFinding Mask(params int[] runs) => new() { Output = "tools", Scope = Frame, Label = "tool", Score = 1, Runs = runs };

    private static KeypointFinding Joints(params string[] names) => new()
    {
        Output = "joints", Scope = Frame, Label = "hand", Score = 1,
        Points = [.. names.Select(name => new Keypoint { Name = name, Point = new ImagePoint { X = 1, Y = 1 }, Score = 1 })],
    };
}
