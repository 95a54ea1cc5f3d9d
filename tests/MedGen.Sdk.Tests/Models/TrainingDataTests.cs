using MedGen.Sdk.Errors;
using MedGen.Sdk.Models;

namespace MedGen.Sdk.Tests.Models;

public sealed class TrainingDataTests : IDisposable
{
    private static readonly string File1 = new('1', 64);
    private static readonly string File2 = new('2', 64);
    private static readonly string File3 = new('3', 64);
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-training-data-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void HasSeen_FilesAndPatients_KnowsThoseOfTheListAndNoOthers()
    {
        TrainingData data = TrainingData.Of([(File1, "patient-1"), (File2, null)]);

        data.HasSeen(File1, null).ShouldBeTrue();
        data.HasSeen(File2, "patient-2").ShouldBeTrue();
        data.HasSeen(File3, "patient-1").ShouldBeTrue();
        data.HasSeen(File3, "patient-2").ShouldBeFalse();
        data.HasSeen(File3, null).ShouldBeFalse();
        (data.Files, data.Groups).ShouldBe((2, 1));
    }

    [Fact]
    public void Read_OfWhatWasWritten_KnowsTheSameAndNamesNobody()
    {
        TrainingData data = TrainingData.Of([(File1, "patient-1")]).With(TrainingData.Of([(File2, "patient-2")]));
        string text = data.ToJson();
        Write(text);

        TrainingData read = TrainingData.Read(_folder)!;

        text.ShouldNotContain("patient");
        read.ToJson().ShouldBe(text);
        read.HasSeen(File3, "patient-2").ShouldBeTrue();
    }

    [Fact]
    public void Read_OfAFolderWithoutTheFile_KnowsNothing() => TrainingData.Read(_folder).ShouldBeNull();

    [Theory]
    [InlineData("no json", "it is no list of training data")]
    [InlineData("null", "it is no list of training data")]
    [InlineData("""{ "format": 1, "files": [] }""", "groups")]
    [InlineData("""{ "format": 1, "files": [], "groups": [], "more": 1 }""", "more")]
    [InlineData("""{ "format": 2, "files": [], "groups": [] }""", "format: got 2; allowed: 1.")]
    public void Read_OfAnythingElse_SaysWhatIsWrong(string text, string expected)
    {
        Write(text);

        Should.Throw<ModelFormatException>(() => TrainingData.Read(_folder)).Message.ShouldContain(expected);
    }

    private void Write(string text) => File.WriteAllText(Path.Combine(_folder, TrainingData.FileName), text);
}
