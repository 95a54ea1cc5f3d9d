using System.Text;
using MedGen.Abstractions.Errors;
using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Specifications;

namespace MedGen.Datasets.Tests.Specifications;

/// <summary>What is said of a file that somebody wrote by hand.</summary>
public class SpecificationJsonTests
{
    [Theory]
    [InlineData("""{ "clip": { "widht": 64 } }""", "clip.widht", "is no key that is known here; allowed are fps, frames, height, width.")]
    [InlineData("""{ "methods": [ { "wieght": 1 } ] }""", "methods[0].wieght", "allowed are options, type, weight.")]
    [InlineData("""{ "clip": { "width": "wide" } }""", "clip.width", "is of another kind; expected is a whole number.")]
    [InlineData("""{ "clip": { "fps": [] } }""", "clip.fps", "expected is a number.")]
    [InlineData("""{ "methods": { } }""", "methods", "expected is a list.")]
    [InlineData("""{ "clip": 3 }""", "clip", "expected is an object.")]
    [InlineData("""{ "labels": { "type": "many" } }""", "labels.type", "expected is one of single, multi, numeric.")]
    [InlineData("{\n  \"clip\": {\n    \"width\" 64\n} }", "clip", "(line 3)")]
    [InlineData("[]", "spec", "expected is an object.")]
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
    public void Read_MissingFile_IsNamed() => Should.Throw<InvalidInputException>(() => SpecificationJson.Read<AugmentationSpec>("none.json", "spec", AugmentationSpecReader.Json))
        .Message.ShouldContain("spec: there is no file 'none.json'");

    private static AugmentationSpec Parse(byte[] utf8) => SpecificationJson.Parse<AugmentationSpec>(utf8, "spec", AugmentationSpecReader.Json);
}
