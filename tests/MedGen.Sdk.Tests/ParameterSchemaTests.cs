using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Parameters;

namespace MedGen.Sdk.Tests;

public class ParameterSchemaTests
{
    [Fact]
    public void Of_Record_HasNamesRangesDefaultsAndDescriptions()
    {
        JsonNode schema = JsonNode.Parse(ParameterSchema.Of<Parameters>())!;

        schema["type"]!.GetValue<string>().ShouldBe("object");
        schema["additionalProperties"]!.GetValue<bool>().ShouldBeFalse();
        schema["properties"]!["long_dwell"]!.ToJsonString().ShouldBe(
            """{"type":"number","minimum":0,"maximum":600,"description":"Seconds.","default":5}""");
        schema["properties"]!["mode"]!.ToJsonString().ShouldBe("""{"enum":["online","off_line"],"default":"online"}""");
        schema["properties"]!["limit"]!.ToJsonString().ShouldBe("""{"type":["integer","null"]}""");
        schema["properties"]!["steps"]!.ToJsonString().ShouldBe("""{"type":"array","items":{"type":"integer"},"minItems":1,"default":[2]}""");
        schema["properties"]!["name"]!.ToJsonString().ShouldBe("""{"type":"string","minLength":0,"maxLength":8,"default":"x"}""");
    }

    [Fact]
    public void Read_WhatIsNotGiven_HasTheRecordsDefault() =>
        ParameterSchema.Read<Parameters>("""{"mode":"off_line"}""").ShouldBe(new Parameters { Mode = Mode.OffLine });

    [Theory]
    [InlineData("null", "parameters: got null")]
    [InlineData("""{"speed":1}""", "parameters")]
    [InlineData("""{"long_dwell":"x"}""", "parameters.long_dwell")]
    public void Read_WhatIsNoSuchRecord_NamesTheField(string json, string field) =>
        Should.Throw<InvalidInputException>(() => ParameterSchema.Read<Parameters>(json)).Message.ShouldStartWith(field);

    [Fact]
    public void ReadOptions_OfAMethod_AreTheRecordAndTheirDefaults() =>
        new Augmentation.AugmentationMethod { Name = "any", Options = """{"long_dwell":2}""" }.ReadOptions<Parameters>()
            .ShouldBe(new Parameters { LongDwell = 2 });

    private static readonly int[] Two = [2];

    private enum Mode
    {
        Online,
        OffLine,
    }

    private sealed record Parameters
    {
        [Range(0, 600)]
        [Description("Seconds.")]
        public double LongDwell { get; init; } = 5;

        public Mode Mode { get; init; }

        public int? Limit { get; init; }

        [MinLength(1)]
        public IReadOnlyList<int> Steps { get; init; } = Two;

        [StringLength(8)]
        public string Name { get; init; } = "x";
    }
}
