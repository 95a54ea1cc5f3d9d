using System.CommandLine;
using MedGen.Cli.Commands;
using MedGen.Protos.V1;
using MedGen.Sdk.Errors;

namespace MedGen.Cli.Tests;

public sealed class AdapterOptionsTests
{
    [Fact]
    public void Read_OfSeveral_KeepsTheirOrderAndStrengths()
    {
        IReadOnlyList<AdapterUse> uses = Read("--adapter", "style", "--adapter", "motion=-0.5", "--adapter", "pair=1:0.25", "--adapter", "mine.v2@low=.8");

        uses.Select(use => (use.Name, use.Strength, use.LowNoiseStrength, use.Expert)).ShouldBe(
        [
            ("style", null, null, AdapterExpert.Unspecified),
            ("motion", -0.5, null, AdapterExpert.Unspecified),
            ("pair", 1, 0.25, AdapterExpert.Unspecified),
            ("mine.v2", 0.8, null, AdapterExpert.LowNoise),
        ]);
    }

    [Fact]
    public void Read_OfOneWithAScale_TakesIt() => Read("--adapter", "style", "--adapter-scale", "1.5").ShouldHaveSingleItem().Strength.ShouldBe(1.5);

    [Theory]
    [InlineData("adapter", "--adapter", "style=much")]
    [InlineData("adapter", "--adapter", "style@middle")]
    [InlineData("adapter", "--adapter", "=1")]
    [InlineData("adapter-scale", "--adapter-scale", "1")]
    [InlineData("adapter-scale", "--adapter", "a=1", "--adapter-scale", "1")]
    [InlineData("adapter-scale", "--adapter", "a", "--adapter", "b", "--adapter-scale", "1")]
    public void Read_OfWhatIsNoAdapter_NamesTheOption(string option, params string[] line) =>
        Should.Throw<InvalidInputException>(() => Read(line)).Violations.ShouldHaveSingleItem().Field.ShouldBe(option);

    private static IReadOnlyList<AdapterUse> Read(params string[] line)
    {
        AdapterOptions options = new();
        Command command = new("generate");
        options.AddTo(command);
        return options.Read(command.Parse(line));
    }
}
