using System.ComponentModel.DataAnnotations;
using MedGen.Sdk.Errors;

namespace MedGen.Sdk.Tests.Errors;

public class ViolationsTests
{
    [Fact]
    public void Declared_GoodObject_FindsNothing() => Check(new Clip()).ShouldBeEmpty();

    [Fact]
    public void Declared_BadFields_NamesEachInSnakeCaseWithWhatWasGotAndIsAllowed()
    {
        var found = Check(new Clip { NumFrames = 0, GuidanceScale = double.NaN, Format = "gif", Title = "a patient's name" });

        found.ShouldBe(
        [
            new("num_frames", "got 0; allowed: 1 to 257."),
            new("guidance_scale", "got NaN; allowed: above 0, at most 30."),
            new("format", "got 'gif'; allowed: mp4, png."),
            new("title", "has 16 characters; allowed: 1 to 4."),
        ]);
    }

    [Fact]
    public void Declared_ObjectsWithin_AreCheckedWithTheirPath()
    {
        var found = Check(new Clip { Parts = [new(), new() { Weight = -1 }], Best = new() { Weight = 2 } });

        found.ShouldBe([new("parts[1].weight", "got -1; allowed: 0 to 1."), new("best.weight", "got 2; allowed: 0 to 1.")]);
    }

    [Fact]
    public void In_ViolationsOfAnInnerObject_CarryItsName()
    {
        Violations violations = new();

        violations.In("clip").In("size").Within("width", 8, 16, 1280);

        violations.Found.ShouldBe([new("clip.size.width", "got 8; allowed: 16 to 1280.")]);
    }

    [Fact]
    public void OneOf_AnotherName_IsSaidUnlessItIsTooLongForAName()
    {
        Violations violations = new();

        violations.OneOf("priority", "urgent", "bulk", "interactive");
        violations.OneOf("mode", new string('a', 41), "bulk", "interactive");

        violations.Found.ShouldBe(
        [
            new("priority", "got 'urgent'; allowed: bulk, interactive."), new("mode", "has 41 characters; allowed: bulk, interactive."),
        ]);
    }

    [Fact]
    public void ThrowIfAny_SeveralFound_NamesAll()
    {
        Violations violations = new();
        violations.ThrowIfAny();
        violations.Add("a", $"got {1.5}", $"{2} to {3}");
        violations.Add("b", "is missing.");

        Should.Throw<InvalidInputException>(violations.ThrowIfAny).Violations.Select(violation => violation.Field).ShouldBe(["a", "b"]);
    }

    private static IReadOnlyList<FieldViolation> Check(Clip clip)
    {
        Violations violations = new();
        violations.Declared(clip);
        return violations.Found;
    }

    private sealed record Clip
    {
        [Range(1, 257)]
        public int NumFrames { get; init; } = 17;

        [Range(0.0, 30.0, MinimumIsExclusive = true)]
        public double? GuidanceScale { get; init; }

        [AllowedValues("mp4", "png")]
        public string Format { get; init; } = "mp4";

        [StringLength(4, MinimumLength = 1)]
        public string? Title { get; init; }

        public IReadOnlyList<Part> Parts { get; init; } = [];

        public Part? Best { get; init; }

        /// <summary>Holds its own kind: the search for rules must end.</summary>
        public Clip? Previous { get; init; }
    }

    private sealed record Part
    {
        [Range(0.0, 1.0)]
        public double Weight { get; init; } = 1;
    }
}
