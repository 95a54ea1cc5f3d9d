using MedGen.Datasets.Reading;
using MedGen.Sdk.Errors;
using MedGen.Classifiers.Training.ImagingModality;

namespace MedGen.Classifiers.Training.Tests.ImagingModality;

public sealed class ModalityManifestTests : IDisposable
{
    private const string Header = "path,modality_code,kind,frames,source,group_id\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-manifest-").FullName;

    public ModalityManifestTests()
    {
        File.WriteAllText(Path.Combine(_folder, "a.png"), "x");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_QuotedSource_KeepsTheRepository()
    {
        ModalityItem item = Read(Header + "a.png,US,image,1,\"github.com/x/y, data/\"\"a\"\".png\",g1\n").ShouldHaveSingleItem();

        item.Source.ShouldBe("github.com/x/y");
        item.GroupId.ShouldBe("g1");
    }

    [Fact]
    public void Read_EverydayPictureWithLicence_IsRead()
    {
        ModalityItem item = Read("path,modality_code,kind,frames,source,group_id,licence\na.png,unknown,image,1,s,g,CC BY 4.0\n").ShouldHaveSingleItem();

        item.ModalityCode.ShouldBe(ModalityManifest.NoModality);
        item.Licence.ShouldBe("CC BY 4.0");
    }

    [Theory]
    [InlineData("a.png,US,image,none,s,g\n", 2, "frames")]
    [InlineData("a.png,US,picture,1,s,g\n", 2, "kind")]
    [InlineData("a.png,ultrasound,image,1,s,g\n", 2, "modality_code")]
    [InlineData("a.png,US,image,1,s,g\nb.png,US,image,1,s,g\n", 3, "path")]
    [InlineData("../a.png,US,image,1,s,g\n", 2, "path")]
    [InlineData("a.png,US,image,1,s,\n", 2, "group_id")]
    public void Read_WrongCell_NamesLineAndColumn(string rows, int line, string column)
    {
        InvalidInputException error = Should.Throw<InvalidInputException>(() => Read(Header + rows));

        error.Message.ShouldContain($"manifest.csv, line {line}, column {column}:");
    }

    [Fact]
    public void Read_MissingColumn_IsNamed() =>
        Should.Throw<InvalidInputException>(() => Read("path,kind,frames,source,group_id\na.png,image,1,s,g\n"))
            .Message.ShouldContain("line 1, column modality_code");

    private IReadOnlyList<ModalityItem> Read(string text)
    {
        File.WriteAllText(Path.Combine(_folder, ModalityManifest.FileName), text);
        return ModalityManifest.Read(_folder);
    }
}
