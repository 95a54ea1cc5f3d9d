using MedGen.Sdk.Analysis;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;

namespace MedGen.Sdk.Tests.Frames;

/// <summary>Frames that are not RGB24: how many bytes they have, what they become, and where they are refused.</summary>
public sealed class FrameFormatTests
{
    [Theory]
    [InlineData(FrameFormat.Rgb24, 18)]
    [InlineData(FrameFormat.Gray8, 6)]
    [InlineData(FrameFormat.Gray16, 12)]
    public void Rent_InAFormat_HasItsBytes(FrameFormat format, int bytes)
    {
        using VideoFrame frame = VideoFrame.RentIn(format, 3, 2, 7, TimeSpan.FromSeconds(1));
        using VideoFrame copy = frame.Clone();

        (copy.Format, copy.Pixels.Length, copy.Index, copy.Timestamp).ShouldBe((format, bytes, 7L, TimeSpan.FromSeconds(1)));
        Should.Throw<ArgumentException>(() => VideoFrame.WrapIn(new byte[bytes + 1], format, 3, 2)).Message
            .ShouldStartWith($"A 3x2 {format.ToString().ToUpperInvariant()} frame has {bytes} bytes, got {bytes + 1}.");
    }

    [Fact]
    public void ToGray8_OfColours_IsTheirLuma()
    {
        using VideoFrame colours = VideoFrame.Wrap([255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 17, 17, 17, 0, 0, 0], 6, 1, 3);
        using VideoFrame grey = colours.ToGray8();

        grey.Pixels.ToArray().ShouldBe([76, 150, 29, 255, 17, 0]);
        (grey.Format, grey.Index).ShouldBe((FrameFormat.Gray8, 3L));
        Should.Throw<InvalidOperationException>(() => grey.ToGray8());
        Should.Throw<InvalidOperationException>(() => grey.Values.Length);
    }

    [Fact]
    public void Values_OfGray16_AreThoseOfItsBytes()
    {
        byte[] bytes = [.. BitConverter.GetBytes((ushort)40_000), .. BitConverter.GetBytes((ushort)1)];
        using VideoFrame frame = VideoFrame.WrapIn(bytes, FrameFormat.Gray16, 2, 1);

        frame.Values.ToArray().ShouldBe([(ushort)40_000, (ushort)1]);
        new ValueScale { Slope = 0.5, Intercept = -1024, Minimum = -1024, Maximum = 31743.5 }.Of(frame.Values[0]).ShouldBe(18_976);
    }

    [Fact]
    public void FramesThatAreMade_InAnotherFormat_AreRefusedByName()
    {
        using VideoFrame grey = VideoFrame.RentIn(FrameFormat.Gray8, 32, 32);
        Violations violations = new();
        new VideoGenerationRequest { Prompt = "x", Seed = 1, FirstFrame = grey }.Check(violations);

        violations.Found.ShouldHaveSingleItem().ShouldBe(new FieldViolation("first_frame", "is in Gray8; allowed: Rgb24."));
        Should.Throw<InvalidInputException>(() => new ClipBuffer(new ClipShape { Width = 32, Height = 32, NumFrames = 1 }).Add(grey)).Message
            .ShouldBe("frames: got a frame in Gray8; allowed: Rgb24.");
    }

    [Theory]
    [InlineData(false, new[] { FrameFormat.Gray16 }, null)]
    [InlineData(true, new[] { FrameFormat.Gray16, FrameFormat.Gray8 }, null)]
    [InlineData(true, new[] { FrameFormat.Gray16 }, "inputs[0].formats: got Gray16 alone; allowed: another beside it for live clips.")]
    [InlineData(false, new FrameFormat[0], "inputs[0].formats: got ; allowed: 1 to 3 formats, each once.")]
    [InlineData(false, new[] { FrameFormat.Gray8, FrameFormat.Gray8 }, "inputs[0].formats: got Gray8, Gray8; allowed: 1 to 3 formats, each once.")]
    public void Check_OfAnInputsFormats_NamesWhatIsWrong(bool live, FrameFormat[] formats, string? wrong)
    {
        AnalyzerDescription description = new()
        {
            Task = "x",
            Summary = "x",
            Inputs = [new AnalyzerInput { Description = "x", Live = live, Formats = formats }],
            Outputs = [new AnalyzerOutput { Name = "x", Description = "x", Kind = OutputKind.Text }],
        };
        Violations violations = new();
        description.Check(violations);

        violations.Found.Select(one => $"{one.Field}: {one.Description}").ShouldBe(wrong is null ? [] : [wrong]);
    }

    [Fact]
    public void Check_OfAnAugmenter_NamesWhatIsWrong()
    {
        AugmentationMethodDescription odd = new() { Name = "Odd", Description = "", Origin = (ClipOrigin)7 };
        Violations violations = new();
        new AugmenterDescription { Summary = "", Methods = [odd, odd] }.Check(violations);

        violations.Found.Select(one => one.Field).Distinct().ShouldBe(
            ["summary", "methods[0].name", "methods[0].description", "methods[0].origin", "methods[1].name", "methods[1].description", "methods[1].origin"]);
        violations.Found.ShouldContain(one => one.Description == "is the name of another; allowed: each name once.");
    }
}
