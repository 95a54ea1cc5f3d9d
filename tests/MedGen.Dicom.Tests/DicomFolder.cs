using System.Diagnostics;
using System.Text;
using MedGen.Dicom.DataSets;
using MedGen.Dicom.Pixels;
using MedGen.Sdk.Frames;

namespace MedGen.Dicom.Tests;

/// <summary>A folder of its own for a test, and files in it.</summary>
internal sealed class DicomFolder : IDisposable
{
    public const uint PixelData = 0x7FE0_0010;

    public string Folder { get; } = Directory.CreateTempSubdirectory("medgen-dicom-").FullName;

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Fixtures => new(Directory.EnumerateFiles(MedGen.Tests.Fixtures.Path("dicom"), "*.dcm").Select(Path.GetFileName).Order()!);

    public string PathOf(string name) => Path.Combine(Folder, name);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public static string Fixture(string name) => MedGen.Tests.Fixtures.Path("dicom", name);

    /// <summary>Grey frames of 8 bits, 8 x 8 px, with pixels 0, 1, 2, … modulo 256.</summary>
    public static DicomDataSet Grey(int frames = 1, int side = 8)
    {
        DicomDataSet set = new();
        set.SetText(new(0x0008_0016), "1.2.840.10008.5.1.4.1.1.7");
        set.SetText(new(0x0008_0018), DicomUid.New());
        set.SetText(new(0x0028_0004), "MONOCHROME2");
        set.SetText(new(0x0028_0008), $"{frames}");
        foreach ((uint tag, int value) in new[]
        {
            (0x0028_0002u, 1), (0x0028_0010u, side), (0x0028_0011u, side), (0x0028_0100u, 8), (0x0028_0101u, 8), (0x0028_0102u, 7), (0x0028_0103u, 0),
        })
        {
            set.SetShort(new(tag), (ushort)value);
        }

        set.SetBytes(new(PixelData), DicomVr.OB, Enumerable.Range(0, side * side * frames).Select(i => (byte)i).ToArray());
        return set;
    }

    public string Write(DicomDataSet set, string? syntax = null, string name = "image.dcm")
    {
        string path = PathOf(name);
        DicomWriter.Write(path, set, syntax is null ? DicomTransferSyntax.ExplicitLittleEndian : DicomTransferSyntax.Find(syntax), Token);
        return path;
    }

    /// <summary>A file of explicit little endian elements as they are given.</summary>
    public string WriteRaw(string name, params IEnumerable<byte[]> elements)
    {
        byte[] mark = "DICM"u8.ToArray();
        File.WriteAllBytes(
            PathOf(name), [.. new byte[128], .. mark, .. Element(0x0002, 0x0010, "UI", "1.2.840.10008.1.2.1\0"u8.ToArray()), .. elements.SelectMany(one => one)]);
        return PathOf(name);
    }

    public static byte[] Element(ushort group, ushort element, string vr, byte[] value, uint? length = null) =>
    [
        .. BitConverter.GetBytes(group), .. BitConverter.GetBytes(element), .. Encoding.ASCII.GetBytes(vr),
        .. vr is "OB" or "OW" or "SQ" or "UN"
            ? (byte[])[0, 0, .. BitConverter.GetBytes(length ?? (uint)value.Length)]
            : BitConverter.GetBytes((ushort)(length ?? (uint)value.Length)),
        .. value,
    ];

    public static byte[] Item(byte[] content, uint? length = null) => [0xFE, 0xFF, 0x00, 0xE0, .. BitConverter.GetBytes(length ?? (uint)content.Length), .. content];

    public static async Task<byte[]> FrameAsync(string path, int index)
    {
        using DicomFile file = DicomFile.Open(path);
        using DicomImage image = DicomImage.Open(file);
        using VideoFrame frame = await image.ReadFrameAsync(index, Token);
        return frame.Pixels.ToArray();
    }

    public static async Task<string> RunAsync(string program, params IEnumerable<string> arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync(Token);
        string output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        process.ExitCode.ShouldBe(0, $"{output} {await errors}");
        return output;
    }
}
