using MedGen.Curation.Captions;
using MedGen.Curation.Clips;
using MedGen.Curation.Networks;
using MedGen.Curation.Scanning;
using MedGen.Curation.Specifications;
using MedGen.Curation.Stages;
using MedGen.Sdk.Frames;

namespace MedGen.Curation.Tests.Stages;

public class JudgingStageTests
{
    [Theory]
    [InlineData(0.9, 0.2, "US", true, true)]
    [InlineData(0.6, 0.3, "US", true, false)]
    [InlineData(0.9, 0.9, "unknown", true, false)]
    [InlineData(0.9, 0.9, "unknown", false, true)]
    public async Task Medical_MeanOverTheSecondsAndModality_Decide(double first, double second, string modality, bool dropsUnknown, bool stays)
    {
        using ClipSource source = Sources.Of(
            Sources.Frames([.. Enumerable.Repeat((100.0, 0.0), 10)]), [Second(0, first), Second(1, second)]);

        CuratedClip clip = (await Sources.RunAsync(new MedicalStage(new MedicalSpec { DropUnknown = dropsUnknown }, new FakeNetwork(modality)), source)).Single();

        clip.IsAlive.ShouldBe(stays);
        clip.Scores["medical"].ShouldBe((first + second) / 2, 1e-9);
        clip.Modality.ShouldBe(modality);
    }

    [Theory]
    [InlineData("US", "imaging")]
    [InlineData("ES", "clinical practice")]
    [InlineData("unknown", null)]
    [InlineData(null, null)]
    public async Task Category_FollowsTheModality(string? modality, string? category)
    {
        using ClipSource source = Sources.Of([]);

        IReadOnlyList<CuratedClip> clips = await new CategoryStage().RunAsync(
            source, Sources.Whole(source) with { Modality = modality }, TestContext.Current.CancellationToken);

        clips.Single().Category.ShouldBe(category);
    }

    [Fact]
    public async Task Rules_SayWhatIsKnown_AndNothingElse()
    {
        RuleCaptioner captioner = new();
        CaptionRequest request = new() { Frames = [], Seconds = 7.25, Modality = "US", Motion = 0.2, Title = "Lungs", Description = "After an operation." };

        ClipCaption caption = await captioner.DescribeAsync(request, TestContext.Current.CancellationToken);

        caption.Brief.ShouldBe("Ultrasound: Lungs.");
        caption.Detailed.ShouldBe("Ultrasound: Lungs. After an operation. Little moves. The clip is 7.3 seconds long.");
        (await captioner.DescribeAsync(new CaptionRequest { Frames = [], Seconds = 6 }, TestContext.Current.CancellationToken)).Detailed
            .ShouldBe("Medical video. The clip is 6 seconds long.");
    }

    private static ScanSecond Second(double time, double medical) => new(time, 1, 1, 0, new FrameAnswer(medical, [], 0));

    private sealed class FakeNetwork(string modality) : IFrameNetwork
    {
        public string Name => "fake";

        public bool Answers => true;

        public Task<FrameLook> LookAsync(VideoFrame frame, CancellationToken cancellationToken) => throw new NotSupportedException();

        public double Similarity(FrameLook a, FrameLook b) => throw new NotSupportedException();

        public string? Modality(IReadOnlyList<FrameAnswer> answers) => modality;
    }
}
