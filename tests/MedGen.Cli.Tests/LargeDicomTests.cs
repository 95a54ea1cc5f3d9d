using System.Globalization;
using System.Security.Cryptography;
using MedGen.Dicom.DataSets;
using MedGen.Dicom.Web;
using MedGen.Dicom.Writing;

namespace MedGen.Cli.Tests;

/// <summary>An object of 2 GB goes into a host and out of it, and a frame of it is shown, without ever being in its memory.</summary>
public sealed class LargeDicomTests : IDisposable
{
    private const int Width = 640;
    private const int Height = 480;
    private const int Frames = 2330;
    private const long PixelBytes = (long)Width * Height * 3 * Frames;
    private const int MostResidentMegabytes = 500;

    private static readonly string[] Uids = ["1.2.3", "1.2.3.1", "1.2.3.4"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("medgen-large-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact, Long]
    public async Task Host_WithAnObjectOf2GB_KeepsItOutOfItsMemory()
    {
        string file = Path.Combine(_folder.FullName, "large.dcm");
        Write(file);
        string config = Path.Combine(_folder.FullName, "medgen.json");
        await File.WriteAllTextAsync(config, """{ "dicom": { "web": true } }""", Token);
        await using ServeProcess host = await ServeProcess.StartAsync(Path.Combine(_folder.FullName, "data"), config: config);
        Uri web = new(host.Http, "dicom-web/");

        (int exitCode, string sent, string error) = await MedGenCommand.RunAsync("dicom", "send", file, "--server", web.ToString());
        exitCode.ShouldBe(0, error);
        sent.ShouldContain("1 sent");
        string hash = await HashAsync(file);
        File.Delete(file);
        using HttpClient http = new() { BaseAddress = web };
        string instance = $"studies/{Uids[0]}/series/{Uids[1]}/instances/{Uids[2]}";
        (await HashOfBodyAsync(http, instance)).ShouldBe(hash);
        byte[] last = await http.GetByteArrayAsync(new Uri($"{instance}/frames/{Frames}/rendered", UriKind.Relative), Token);

        last.AsSpan(1, 3).SequenceEqual("PNG"u8).ShouldBeTrue();
        host.MostResidentMegabytes().ShouldBeLessThan(MostResidentMegabytes);
    }

    // Pixels of zeros that take no room on the disk.
    private static void Write(string path)
    {
        DicomDataSet set = new();
        set.SetText(new(0x0008_0016), "1.2.840.10008.5.1.4.1.1.7.4");
        set.SetText(new(0x0008_0018), Uids[2]);
        set.SetText(new(0x0008_0060), "US");
        set.SetText(new(0x0018_1063), "40");
        set.SetText(new(0x0020_000D), Uids[0]);
        set.SetText(new(0x0020_000E), Uids[1]);
        set.SetText(new(0x0028_0004), "RGB");
        set.SetText(new(0x0028_0008), Frames.ToString(CultureInfo.InvariantCulture));
        set.SetBytes(new(0x0028_0009), DicomVr.AT, new byte[] { 0x18, 0x00, 0x63, 0x10 });
        foreach ((uint tag, int value) in new[]
        {
            (0x0028_0002u, 3), (0x0028_0006u, 0), (0x0028_0010u, Height), (0x0028_0011u, Width), (0x0028_0100u, 8), (0x0028_0101u, 8), (0x0028_0102u, 7),
            (0x0028_0103u, 0),
        })
        {
            set.SetShort(new(tag), (ushort)value);
        }

        DicomWriter.Write(path, set, DicomTransferSyntax.ExplicitLittleEndian, Token);
        using FileStream file = new(path, FileMode.Append);
        file.Write([0xE0, 0x7F, 0x10, 0x00, (byte)'O', (byte)'B', 0, 0]);
        file.Write(BitConverter.GetBytes((uint)PixelBytes));
        file.SetLength(file.Position + PixelBytes);
    }

    private static async Task<string> HashAsync(string path)
    {
        await using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, Token));
    }

    private static async Task<string> HashOfBodyAsync(HttpClient http, string address)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd("application/dicom");
        using HttpResponseMessage answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        answer.EnsureSuccessStatusCode();
        await using Stream body = await answer.Content.ReadAsStreamAsync(Token);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(body, Token));
    }
}
