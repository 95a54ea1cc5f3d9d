using MedGen.Dicom.DataSets;
using MedGen.Dicom.Web;
using MedGen.Dicom.Writing;

namespace MedGen.Host.Tests.Dicom;

/// <summary>DICOM files for tests, and a client for them.</summary>
internal static class DicomClips
{
    public static string Fixture(string name) => Fixtures.Path("dicom", name);

    public static SourceObject IdentityOf(string path)
    {
        using DicomFile file = DicomFile.Open(path);
        return SourceObject.Of(file.DataSet)!;
    }

    /// <summary>A small instance of its own; with a place, in mm, it is an axial slice of one frame.</summary>
    public static string Write(string folder, string study, string modality = "US", string? instance = null, byte grey = 30, int frames = 2, int? place = null, int side = 8)
    {
        frames = place is null ? frames : 1;
        DicomDataSet set = new();
        set.SetText(new(0x0008_0016), "1.2.840.10008.5.1.4.1.1.7");
        set.SetText(new(0x0008_0018), instance ?? DicomUid.New());
        set.SetText(new(0x0008_0020), "20260102");
        set.SetText(new(0x0008_0060), modality);
        set.SetText(new(0x0008_103E), "Apical four chamber");
        set.SetText(new(0x0010_0010), "Doe^Jane");
        set.SetText(new(0x0010_0020), "P-17");
        set.SetText(new(0x0018_1063), "100");
        set.SetText(new(0x0020_000D), study);
        set.SetText(new(0x0020_000E), study + ".1");
        if (place is not null)
        {
            set.SetText(new(0x0020_0013), $"{100 - place}");
            set.SetText(new(0x0020_0032), "0", "0", $"{place}");
            set.SetText(new(0x0020_0037), "1", "0", "0", "0", "1", "0");
        }

        set.SetText(new(0x0028_0004), "MONOCHROME2");
        set.SetText(new(0x0028_0008), $"{frames}");
        set.SetBytes(new(0x0028_0009), DicomVr.AT, new byte[] { 0x18, 0x00, 0x63, 0x10 });
        foreach ((uint tag, int value) in new[]
        {
            (0x0028_0002u, 1), (0x0028_0010u, side), (0x0028_0011u, side), (0x0028_0100u, 8), (0x0028_0101u, 8), (0x0028_0102u, 7), (0x0028_0103u, 0),
        })
        {
            set.SetShort(new(tag), (ushort)value);
        }

        set.SetBytes(new(0x7FE0_0010), DicomVr.OB, Enumerable.Repeat(grey, side * side * frames).ToArray());
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, $"{Guid.NewGuid():N}.dcm");
        DicomWriter.Write(path, set, DicomTransferSyntax.ExplicitLittleEndian, RunningHost.Token);
        return path;
    }

    public static DicomWebClient Client(RunningHost host, string? tokenFile = null) =>
        new(new DicomWebServer { Address = new Uri(host.Endpoints.Http, "dicom-web"), TokenFile = tokenFile });
}
