using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Testing.Clips;
using MedGen.Sdk.Testing.Conformance;

namespace MedGen.Onnx.Tests;

/// <summary>What networks of known weights answer: tests/fixtures/onnx/make.py says what they compute.</summary>
public sealed class OnnxPluginTests
{
    private const string Everything = """
        {
          "model": "picture.onnx",
          "summary": "Says whether a picture is red, how bright it is, and where it is blue.",
          "input": { "width": 8, "height": 8, "fit": "pad" },
          "framesPerSecond": null,
          "outputs": [
            { "name": "red", "description": "Red or not.", "meaning": "classification", "tensor": "logits", "activation": "softmax",
              "labels": ["other", { "name": "red", "code": { "scheme": "SCT", "code": "371240000", "meaning": "Red color" } }] },
            { "name": "level", "description": "Brightness.", "meaning": "regression", "tensor": "level", "factor": 100, "unit": "%", "maximum": 90 },
            { "name": "blue", "description": "Where it is blue.", "meaning": "segmentation", "tensor": "planes", "activation": "softmax", "labels": [null, "blue"] },
            { "name": "things", "description": "Things.", "meaning": "detection", "tensor": "boxes", "scoresTensor": "scores", "labelsTensor": "classes",
              "labels": [null, "thing"] }
          ]
        }
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Checks => new(AnalyzerConformance.Checks);

    [Theory]
    [MemberData(nameof(Checks))]
    public async Task Plugin_UnderTheChecksOfTheSdk_KeepsItsContract(string check)
    {
        await using OnnxFolder folder = new("picture.onnx", Everything);

        await new AnalyzerConformance(await folder.StartAndTestAsync()).RunAsync(check, Token);
    }

    // Left half red (255, 0, 0), right half blue (0, 0, 255): 16 × 8 px in an input of 8 × 8, so rows 2 to 5 hold the picture.
    [Fact]
    public async Task AnalyzeAsync_OfAllMeanings_SaysWhatTheNetworkComputes()
    {
        await using OnnxFolder folder = new("picture.onnx", Everything);
        TestClip clip = new() { Width = 16, Height = 8, NumFrames = 2, Paint = (_, pixels) => Halves(pixels.Span, 16) };

        List<AnalysisUpdate> updates = await RunAsync(folder.Start(), clip);

        Finding[] final = [.. updates.OfType<FinalFindings>().SelectMany(update => update.Findings)];
        LabelFinding red = final.OfType<LabelFinding>().ShouldHaveSingleItem();
        red.Labels.ShouldBe(["other"]);
        red.Scope.ShouldBe(FindingScope.Clip);
        red.Probabilities[1].ShouldBe(1 / (1 + Math.Exp(2)), 1e-5); // 8 (0.25 − 0.5) = −2
        final.OfType<MeasurementFinding>().ShouldHaveSingleItem().Value.ShouldBe(100 / 6.0, 1e-4); // half of the pixels, one channel of three
        MaskFinding[] masks = [.. final.OfType<MaskFinding>()];
        masks.Length.ShouldBe(2); // one a frame
        masks[0].Runs.ShouldBe([8, .. Enumerable.Repeat(8, 15)]); // in each row 8 px outside, then 8 inside
        masks[0].Score.ShouldBe(1 / (1 + Math.Exp(-10)), 1e-3); // a little less at the border, where red and blue are mixed
        BoxFinding[] boxes = [.. final.OfType<BoxFinding>()];
        boxes.Length.ShouldBe(2); // the other box has a score below the threshold
        (boxes[0].X, boxes[0].Y, boxes[0].Width, boxes[0].Height).ShouldBe((4, 0, 12, 4)); // rows 1 to 4 of the input are −2 to 4 of the picture
        updates.OfType<InterimFindings>().Count().ShouldBe(2);
        updates[^1].ShouldBeOfType<AnalysisCompleted>().FramesAnalyzed.ShouldBe(2);
    }

    [Fact]
    public async Task Describe_SaysWhatTheFileSays()
    {
        await using OnnxFolder folder = new("picture.onnx", Everything);

        AnalyzerDescription description = folder.Start().Describe();

        Violations violations = new();
        description.Check(violations);
        violations.Found.ShouldBeEmpty();
        description.Outputs.Select(output => output.Kind)
            .ShouldBe([OutputKind.Labels, OutputKind.Measurement, OutputKind.Masks, OutputKind.Boxes]);
        description.Outputs[0].Labels[1].Code!.Code.ShouldBe("371240000");
        description.Weights.ShouldHaveSingleItem().Bytes.ShouldBe(new FileInfo(Fixtures.Path("onnx", "picture.onnx")).Length);
    }

    [Theory]
    [InlineData("\"maximum\": 90", "\"maximum\": 10", 10)]
    [InlineData("\"factor\": 100", "\"factor\": 100, \"offset\": 5", (100 / 6.0) + 5)]
    [InlineData("\"fit\": \"pad\"", "\"fit\": \"stretch\"", 100 / 3.0)]
    [InlineData("\"fit\": \"pad\"", "\"fit\": \"crop\"", 100 / 3.0)]
    [InlineData("\"fit\": \"pad\"", "\"fit\": \"pad\", \"mean\": [0.5, 0, 0], \"deviation\": [0.5, 1, 1]", 0)] // red −1, 1; green 0; blue 0, 1
    [InlineData("\"fit\": \"pad\"", "\"fit\": \"pad\", \"scale\": 0.0784313725490196", 90)]
    public async Task AnalyzeAsync_OtherNumbersOfTheFile_Count(string old, string changed, double value)
    {
        await using OnnxFolder folder = new("picture.onnx", Everything.Replace(old, changed, StringComparison.Ordinal));
        TestClip clip = new() { Width = 16, Height = 8, NumFrames = 1, Paint = (_, pixels) => Halves(pixels.Span, 16) };

        List<AnalysisUpdate> updates = await RunAsync(folder.Start(), clip);

        // Of the black above and below red is −1, too: with that, the mean of −0.5, 0 and 0.25 is below the least.
        updates.OfType<FinalFindings>().SelectMany(update => update.Findings).OfType<MeasurementFinding>().Single().Value
            .ShouldBe(value == 0 ? 100 * (-0.5 + 0 + 0.25) / 3 : value, 1e-3);
    }

    [Fact]
    public async Task AnalyzeAsync_GrayWithChannelsLast_TakesTheLuma()
    {
        await using OnnxFolder folder = new("gray.onnx", """
            { "model": "gray.onnx", "summary": "Brightest pixel.", "input": { "width": 8, "height": 4, "fit": "stretch", "layout": "nhwc", "channels": "gray", "scale": 1 },
              "outputs": [{ "name": "level", "description": "Brightest pixel.", "meaning": "regression", "unit": "1" }] }
            """);
        TestClip clip = new() { Width = 16, Height = 8, NumFrames = 1, Paint = (_, pixels) => Halves(pixels.Span, 16) };

        List<AnalysisUpdate> updates = await RunAsync(await folder.StartAndTestAsync(), clip);

        updates.OfType<FinalFindings>().Single().Findings.OfType<MeasurementFinding>().Single().Value.ShouldBe(0.299 * 255, 1e-3);
    }

    [Theory]
    [InlineData("\"tensor\": \"logits\"", "\"tensor\": \"logit\"", "tensor: got 'logit'; allowed: one of logits, level, planes, boxes, scores, classes.")]
    [InlineData("\"width\": 8", "\"width\": 16", "input: is [1, 3, 8, 16] as described; the network's 'picture' is [1, 3, 8, 8].")]
    [InlineData("[\"other\", ", "[\"a\", \"other\", ", "outputs[red].labels: has 3; the network's 'logits' [1, 2] gives 2.")]
    [InlineData("[null, \"thing\"]", "[\"thing\"]", "the output 'classes' holds 1; allowed: 0 to 0, the labels of 'things'.")]
    public async Task SelfTest_OfANetworkThatIsNotTheOneDescribed_SaysWhereTheyDiffer(string old, string changed, string message)
    {
        await using OnnxFolder folder = new("picture.onnx", Everything.Replace(old, changed, StringComparison.Ordinal));

        (await Should.ThrowAsync<ModelFormatException>(folder.StartAndTestAsync)).Message.ShouldContain(message);
    }

    [Fact]
    public async Task SelfTest_OfAFileThatIsNoNetworkOrTakesNoPicture_SaysSo()
    {
        string spec = Everything.Replace("picture.onnx", "make.py", StringComparison.Ordinal);
        await using OnnxFolder text = new("make.py", spec);
        (await Should.ThrowAsync<ModelFormatException>(text.StartAndTestAsync)).Message.ShouldContain("make.py cannot be read");

        await using OnnxFolder bytes = new("bytes.onnx", """
            { "model": "bytes.onnx", "summary": "Bytes.", "input": { "width": 8, "height": 8, "fit": "stretch" },
              "outputs": [{ "name": "level", "description": "Level.", "meaning": "regression", "unit": "1" }] }
            """);
        (await Should.ThrowAsync<ModelFormatException>(bytes.StartAndTestAsync)).Message.ShouldContain("takes UInt8; allowed: Float (float32).");
    }

    private static void Halves(Span<byte> pixels, int width)
    {
        for (int i = 0; i < pixels.Length / 3; i++)
        {
            pixels[(3 * i) + (i % width < width / 2 ? 0 : 2)] = 255;
        }
    }

    private static async Task<List<AnalysisUpdate>> RunAsync(IVideoAnalyzer analyzer, TestClip clip)
    {
        AnalysisRequest request = new() { Inputs = [new InputClip { Role = "clip", Clip = clip }] };
        return await analyzer.AnalyzeAsync(request, Token).ToListAsync(Token);
    }
}
