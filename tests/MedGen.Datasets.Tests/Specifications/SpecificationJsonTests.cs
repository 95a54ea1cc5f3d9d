using System.Text;
using MedGen.Sdk.Errors;
using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Specifications;

namespace MedGen.Datasets.Tests.Specifications;

/// <summary>What is said of a file that somebody wrote by hand.</summary>
public class SpecificationJsonTests
{
    [Theory]
    [InlineData("""{ "clip": { "widht": 64 } }""", "clip.widht", "got an unknown key; allowed: frames_per_second, height, num_frames, width.")]
    [InlineData("""{ "methods": [ { "wieght": 1 } ] }""", "methods[0].wieght", "allowed: options, type, weight.")]
    [InlineData("""{ "clip": { "width": "wide" } }""", "clip.width", "got another kind of value; allowed: a whole number.")]
    [InlineData("""{ "clip": { "frames_per_second": [] } }""", "clip.frames_per_second", "allowed: a number.")]
    [InlineData("""{ "clip": { "frames": 9 } }""", "clip.frames", "is now called num_frames.")]
    [InlineData("""{ "clip": { "fps": 8 } }""", "clip.fps", "is now called frames_per_second.")]
    [InlineData("""{ "filters": { "quality": { "least": 0.5 } } }""", "filters.quality.least", "is now called min.")]
    [InlineData("""{ "filters": { "least": 0.5 } }""", "filters.least", "got an unknown key")]
    [InlineData("""{ "methods": { } }""", "methods", "allowed: a list.")]
    [InlineData("""{ "clip": 3 }""", "clip", "allowed: an object.")]
    [InlineData("""{ "labels": { "type": "many" } }""", "labels.type", "allowed: one of single, multi, numeric.")]
    [InlineData("{\n  \"clip\": {\n    \"width\" 64\n} }", "clip", "(line 3)")]
    [InlineData("[]", "spec", "allowed: an object.")]
    [InlineData("null", "spec", "is null; a JSON object is expected.")]
    public void Parse_BadText_SaysWhereAndWhatIsAllowed(string text, string field, string message)
    {
        FieldViolation violation = Should.Throw<InvalidInputException>(() => Parse(Encoding.UTF8.GetBytes(text))).Violations.ShouldHaveSingleItem();

        violation.Field.ShouldBe(field, violation.Description);
        violation.Description.ShouldContain(message);
        violation.Description.ShouldNotContain("System.");
        violation.Description.ShouldNotContain("MedGen.");
    }

    [Fact]
    public void Parse_TextWithAByteOrderMark_PassesItOver() =>
        Parse([0xEF, 0xBB, 0xBF, .. """{ "clip": { "width": 96 } }"""u8]).Clip.Width.ShouldBe(96);

    [Fact]
    public void Read_MissingFile_IsNamed() => Should.Throw<InvalidInputException>(() => SpecificationJson.Read<AugmentationSpec>("none.json", "spec"))
        .Message.ShouldContain("spec: there is no file 'none.json'");

    private static AugmentationSpec Parse(byte[] utf8) => SpecificationJson.Parse<AugmentationSpec>(utf8, "spec");
}
