using System.Text.Json;
using MedGen.Dicom.DataSets;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.Tests.DataSets;

public sealed class DicomJsonTests : IDisposable
{
    private readonly DicomFolder _folder = new();

    public static TheoryData<string> Files => DicomFolder.Fixtures;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_OfEachKind_FollowsTheModel()
    {
        DicomDataSet item = new();
        item.SetText(new(0x0008_0100), "121322");
        DicomDataSet set = new();
        set.SetText(new(0x0008_0005), "ISO_IR 192");
        set.SetText(new(0x0010_0010), "Yamada^Tarou=山田^太郎");
        set.SetText(new(0x0028_0030), "0.5", "0.25");
        set.SetShort(new(0x0028_0010), 512);
        set.SetText(new(0x0008_0020));
        set.SetBytes(new(0x0009_1001), DicomVr.UN, new byte[] { 1, 2, 3 });
        set.SetItems(new(0x0040_A170), item);

        Json(set).ShouldBe(
            """
            {"00080005":{"vr":"CS","Value":["ISO_IR 192"]},"00080020":{"vr":"DA"},"00091001":{"vr":"UN","InlineBinary":"AQID"},
            "00100010":{"vr":"PN","Value":[{"Alphabetic":"Yamada^Tarou","Ideographic":"\u5C71\u7530^\u592A\u90CE"}]},
            "00280010":{"vr":"US","Value":[512]},"00280030":{"vr":"DS","Value":[0.5,0.25]},
            "0040A170":{"vr":"SQ","Value":[{"00080100":{"vr":"SH","Value":["121322"]}}]}}
            """.ReplaceLineEndings(""));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Read_OfWhatWasWritten_GivesTheSame(string name)
    {
        using DicomFile file = DicomFile.Open(DicomFolder.Fixture(name));
        string json = Json(file.DataSet);

        DicomDataSet again = DicomJson.Read(JsonDocument.Parse(json).RootElement, name);

        string back = Json(again);
        Keep(back).ShouldBe(Keep(json));
    }

    [Theory]
    [InlineData("""{"1":{"vr":"US"}}""", "is no tag")]
    [InlineData("""{"00280010":{"vr":"USA"}}""", "(0028,0010) Rows states no vr")]
    [InlineData("""{"00280010":{"vr":"US","Value":[70000]}}""", "(0028,0010) Rows has a value that is no US")]
    [InlineData("""[]""", "an object")]
    public void Read_OfSomethingElse_NamesIt(string json, string message) =>
        Should.Throw<MediaException>(() => DicomJson.Read(JsonDocument.Parse(json).RootElement, "x.json")).Message.ShouldContain(message);

    // The character set is UTF-8 now, whatever it was.
    private static string Keep(string json) => string.Join('\n', JsonDocument.Parse(json).RootElement.EnumerateObject()
        .Where(one => one.Name != "00080005").Select(one => $"{one.Name} {one.Value}"));

    private static string Json(DicomDataSet set)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            DicomJson.Write(writer, set);
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
