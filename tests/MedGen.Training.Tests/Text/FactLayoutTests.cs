using MedGen.Phantoms;
using MedGen.Sdk.Frames;
using MedGen.Training.Clips;
using MedGen.Training.Text;

namespace MedGen.Training.Tests.Text;

public class FactLayoutTests
{
    [Fact]
    public void Of_Clips_LeavesOutWhatDoesNotDifferAndKnowsWhatIsMissing()
    {
        Clip[] clips =
        [
            Of([new("modality", "US"), new("kind", "lung"), new("place", "here")]),
            Of([new("modality", "CT"), new("kind", "ct"), new("place", "here")]),
            Of([new("modality", "US")]),
        ];

        FactLayout layout = FactLayout.Of(clips);

        layout.Facts.ShouldBe([new("kind", 0, 2, IsCommon: true), new("modality", 2, 2, IsCommon: true)]);
        layout.Outputs.ShouldBe(4);
        layout.AnswersOf(clips[0]).ShouldBe([1, 1]);
        layout.AnswersOf(clips[1]).ShouldBe([0, 0]);
        layout.AnswersOf(clips[2]).ShouldBe([FactLayout.Unknown, 1]);
    }

    [Fact]
    public void Facts_OfASimulatedClip_HaveItsWordsAndTheTenthOfEachNumber()
    {
        IPhantom phantom = PhantomCatalog.Get("us-cardiac");
        PhantomParameter fraction = phantom.Parameters.Single(parameter => parameter.Name == "ejection-fraction");
        double half = (fraction.Minimum + fraction.Maximum) / 2;
        PhantomClip clip = phantom.Simulate(new PhantomRequest
        {
            Seed = 1,
            Parameters = new Dictionary<string, string> { ["ejection-fraction"] = half.ToString(System.Globalization.CultureInfo.InvariantCulture) },
        });

        IReadOnlyList<ClipFact> facts = ClipFact.Of(phantom, clip.Truth);

        facts.Take(3).ShouldBe([new("modality", "US"), new("kind", "us-cardiac"), new("us-cardiac label", clip.Truth.Label)]);
        facts.ShouldContain(new ClipFact("us-cardiac view", clip.Truth.Values["view"]));
        facts.ShouldContain(new ClipFact("us-cardiac ejection-fraction", "5"));
    }

    private static Clip Of(ClipFact[] facts) =>
        new() { Source = "", Name = "", Group = "", Brief = "", Detailed = "", Facts = facts };

    private sealed record Clip : TrainingClip
    {
        public override Task<string> ReadKeyAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public override Task<byte[]?> ReadAsync(ClipShape shape, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
