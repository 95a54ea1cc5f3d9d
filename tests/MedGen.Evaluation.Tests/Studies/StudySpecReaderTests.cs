using System.Text.Json.Nodes;
using MedGen.Sdk.Errors;
using MedGen.Evaluation.Studies;

namespace MedGen.Evaluation.Tests.Studies;

public sealed class StudySpecReaderTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("recipes", "study-smoke.json")]
    [InlineData("recipes", "studies", "b-lines.json")]
    [InlineData("recipes", "studies", "lung.json")]
    public void Read_ShippedStudy_IsGood(params string[] path) => StudySpecReader.Read(RepositoryRoot.Path(path)).Name.ShouldNotBeEmpty();

    [Fact]
    public void Read_UnknownKey_IsNamed()
    {
        JsonNode study = JsonNode.Parse(File.ReadAllText(RepositoryRoot.Path("recipes", "studies", "lung.json")), documentOptions: new() { CommentHandling = System.Text.Json.JsonCommentHandling.Skip })!;
        study["armz"] = 1;
        File.WriteAllText(_path, study.ToJsonString());

        Should.Throw<InvalidInputException>(() => StudySpecReader.Read(_path)).Message.ShouldContain("armz");
    }
}
