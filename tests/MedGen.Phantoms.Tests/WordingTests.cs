using MedGen.Phantoms.Captions;

namespace MedGen.Phantoms.Tests;

public class WordingTests
{
    [Fact]
    public void Write_NestedAlternatives_GivesEachOfThem()
    {
        string[] texts = [.. Enumerable.Range(0, 200).Select(seed => Wording.Write(new Random(seed), "the [[brief|short] video|clip][ shows| ends]."))];

        texts.Distinct().Order().ShouldBe(
        [
            "The brief video ends.", "The brief video shows.", "The clip ends.", "The clip shows.", "The short video ends.", "The short video shows.",
        ]);
    }

    [Fact]
    public void Write_EmptyAlternatives_LeavesNoStraySpaces() =>
        Wording.Write(new Random(1), "the  heart [|] , [] beats . it rests.").ShouldBe("The heart, beats. It rests.");

    [Theory]
    [InlineData("a [b")]
    [InlineData("a] b")]
    [InlineData("a | b")]
    public void Write_BracketsWrong_Throws(string template) => Should.Throw<FormatException>(() => Wording.Write(new Random(1), template));

    [Theory]
    [InlineData("ultrasound clip", "an ultrasound clip")]
    [InlineData("MR scan", "an MR scan")]
    [InlineData("CT scan", "a CT scan")]
    [InlineData("X-ray", "an X-ray")]
    [InlineData("uniform field", "a uniform field")]
    public void WithArticle_Phrase_FollowsTheSound(string phrase, string expected) => Wording.WithArticle(phrase).ShouldBe(expected);
}
