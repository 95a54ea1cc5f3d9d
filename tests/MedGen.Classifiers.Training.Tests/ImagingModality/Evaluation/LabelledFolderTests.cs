using MedGen.Sdk.Errors;
using MedGen.Classifiers.Training.ImagingModality.Evaluation;
using Shouldly;

namespace MedGen.Classifiers.Training.Tests.ImagingModality.Evaluation;

public sealed class LabelledFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-labelled-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_OfClassFolders_TakesNamesAndCodes()
    {
        Add("ultrasound", "a.mp4");
        Add("MR", "b.mp4");

        LabelledFolder.Read(_folder).Clips.Select(clip => clip.ModalityCode).Order().ShouldBe(["MR", "US"]);
    }

    [Fact]
    public void Read_OfAnUnknownLabel_NamesItAndWhatIsAllowed()
    {
        Add("US", "a.mp4");
        Add("kittens", "b.mp4");

        string message = Should.Throw<InvalidInputException>(() => LabelledFolder.Read(_folder)).Message;

        message.ShouldContain("kittens");
        message.ShouldContain("US");
    }

    private void Add(string label, string name)
    {
        Directory.CreateDirectory(Path.Combine(_folder, label));
        File.WriteAllBytes(Path.Combine(_folder, label, name), [1]);
    }
}
