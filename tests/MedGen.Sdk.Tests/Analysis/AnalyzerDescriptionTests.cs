using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;

namespace MedGen.Sdk.Tests.Analysis;

public class AnalyzerDescriptionTests
{
    private static readonly AnalyzerOutput Labels = new()
    {
        Name = "phase", Description = "The phase.", Kind = OutputKind.Labels, Labels = OutputLabel.Of("a", "b"), Exclusive = true, AbstentionLabel = "none",
    };

    private static readonly AnalyzerDescription Good = new() { Task = "phase", Summary = "Names the phase.", Outputs = [Labels] };

    public static TheoryData<AnalyzerDescription, string> Wrong => new()
    {
        { Good with { Task = "Phase" }, "task: has 5 characters; allowed: 1 to 64 lower-case letters, digits and hyphens." },
        { Good with { Summary = "" }, "summary: has 0 characters; allowed: 1 to 4096." },
        { Good with { Inputs = [] }, "inputs: has 0; allowed: 1 to 16." },
        { Good with { Inputs = [new() { Description = "x" }, new() { Description = "x", Live = false }] }, "inputs[0].live: got true beside 1 other inputs" },
        { Good with { Inputs = [new() { Description = "x", Live = false }, new() { Description = "x", Live = false }] }, "inputs[1]: has the name of another" },
        { Good with { Inputs = [new() { Description = "x", Live = false, Stored = false }] }, "inputs[0].live: got false, as is stored" },
        { Good with { Inputs = [new() { Description = "x", LeastFrames = 0 }] }, "inputs[0].least_frames: got 0" },
        { Good with { Outputs = [] }, "outputs: has 0; allowed: 1 to 256." },
        { Good with { Outputs = [Labels, Labels] }, "outputs[1]: has the name of another" },
        { Good with { Outputs = [Labels with { Labels = [] }] }, "outputs[0].labels: has 0; allowed: 1 to 10000." },
        { Good with { Outputs = [Labels with { Labels = OutputLabel.Of("a", "a") }] }, "outputs[0].labels: has a label twice" },
        { Good with { Outputs = [Labels with { AbstentionLabel = "a" }] }, "outputs[0].abstention_label: is given" },
        { Good with { Outputs = [Labels with { Unit = "mm" }] }, "outputs[0].unit: has 2 characters; allowed: none for this kind." },
        { Good with { Outputs = [Labels with { Kind = OutputKind.Boxes, AbstentionLabel = null }] }, "outputs[0].exclusive: got true" },
        { Good with { Outputs = [new() { Name = "ef", Description = "x", Kind = OutputKind.Measurement }] }, "outputs[0].unit: has 0 characters; allowed: 1 to 64." },
        { Good with { Weights = [new() { Name = "w", Sha256 = "00" }] }, "weights[0].sha256: got something else; allowed: 64 lower-case hexadecimal digits." },
    };

    [Fact]
    public void Check_GoodDescription_FindsNothing()
    {
        Violations violations = new();
        Good.Check(violations);
        violations.Found.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Check_WrongDescription_NamesFieldGotAndAllowed(AnalyzerDescription description, string message)
    {
        Violations violations = new();
        description.Check(violations);
        string.Join(" ", violations.Found.Select(violation => $"{violation.Field}: {violation.Description}")).ShouldContain(message);
    }
}
