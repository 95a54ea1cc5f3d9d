using MedGen.Sdk.Errors;
using MedGen.Evaluation.Generation;
using Shouldly;

namespace MedGen.Evaluation.Tests.Generation;

public sealed class GenerationEvaluationSpecTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-spec-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_OfAGoodFile_MakesPathsAbsoluteAndTakesDefaults()
    {
        GenerationEvaluationSpec spec = GenerationEvaluationSpec.Read(Write(""));

        spec.Model.ShouldBe(Path.Combine(_folder, "model"));
        spec.Seeds.ShouldBe(16);
        spec.Prompts.Count.ShouldBe(2);
    }

    [Fact]
    public void Read_OfTheShippedFile_NamesFilesThatThereAre()
    {
        GenerationEvaluationSpec spec = GenerationEvaluationSpec.Read(RepositoryRoot.Path("recipes", "medgen-mini", "evaluation.json"));

        File.Exists(spec.Training).ShouldBeTrue();
        File.Exists(spec.Classifier).ShouldBeTrue();
    }

    [Fact]
    public void Read_WithValuesOutOfRange_NamesEachWithWhatIsAllowed()
    {
        InvalidInputException error = Should.Throw<InvalidInputException>(() => GenerationEvaluationSpec.Read(Write(""", "width": 100, "num_frames": 16, "seeds": 1""")));

        error.Violations.Select(violation => violation.Field).ShouldBe(["seeds", "width", "num_frames"], ignoreOrder: true);
        error.Message.ShouldContain("16");
    }

    [Fact]
    public void Read_WithAnUnknownKey_NamesIt() =>
        Should.Throw<InvalidInputException>(() => GenerationEvaluationSpec.Read(Write(""", "seads": 4"""))).Message.ShouldContain("seads");

    [Fact]
    public void Read_OfNoFile_SaysSo() =>
        Should.Throw<InvalidInputException>(() => GenerationEvaluationSpec.Read(Path.Combine(_folder, "none.json"))).Message.ShouldContain("none.json");

    private string Write(string more)
    {
        string path = Path.Combine(_folder, "evaluation.json");
        File.WriteAllText(path, $$"""
            { "name": "x", "model": "model", "training": "t.json", "classifier": "c.safetensors",
              "prompts": [ { "prompt": "a", "kind": "us-lung" }, { "prompt": "b", "kind": "ct" } ]{{more}} }
            """);
        return path;
    }
}
