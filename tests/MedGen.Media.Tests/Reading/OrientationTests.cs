using System.Buffers.Binary;
using CsCheck;
using MedGen.Sdk.Frames;
using MedGen.Media.Reading;

namespace MedGen.Media.Tests.Reading;

public sealed class OrientationTests : IDisposable
{
    // Stored corners: A top left (red), B top right (green), C bottom left (blue), D bottom right (white).
    private const string Corners = "-f lavfi -i color=white:s=64x48 -vf "
        + "drawbox=0:0:32:24:red:fill,drawbox=32:0:32:24:0x00FF00:fill,drawbox=0:24:32:24:blue:fill -frames:v 1";

    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    // Which stored corner is seen at the top left, top right, bottom left and bottom right: EXIF 2.32, table 6.
    [Theory]
    [LongInlineData(1, 0, "ABCD")]
    [LongInlineData(2, 0, "BADC")]
    [LongInlineData(3, 180, "DCBA")]
    [InlineData(4, 180, "CDAB")]
    [LongInlineData(5, 270, "ACBD")]
    [InlineData(6, 90, "CADB")]
    [LongInlineData(7, 90, "DBCA")]
    [LongInlineData(8, 270, "BDAC")]
    public async Task ReadFrames_JpegWithOrientation_IsUpright(int orientation, int degrees, string seen)
    {
        byte[] plain = await File.ReadAllBytesAsync(await _bench.MakeAsync("plain.jpg", Corners + " -q:v 1"), Workbench.Token);
        string path = await WriteAsync("phone.jpg", InJpeg(plain, Tiff(orientation, little: orientation % 2 == 0)));

        VideoInfo info = await CheckAsync(path, orientation, seen);

        info.RotationDegrees.ShouldBe(degrees);
    }

    [Theory]
    [InlineData(6, "CADB")]
    [LongInlineData(7, "DBCA")]
    public async Task ReadFrames_WebPWithOrientation_IsUpright(int orientation, string seen)
    {
        byte[] plain = await File.ReadAllBytesAsync(await _bench.MakeAsync("plain.webp", Corners + " -c:v libwebp -lossless 1"), Workbench.Token);

        await CheckAsync(await WriteAsync("phone.webp", InWebP(plain, Tiff(orientation, little: true))), orientation, seen);
    }

    [Theory]
    [InlineData(6, "CADB")]
    [LongInlineData(2, "BADC")]
    public async Task ReadFrames_PngWithOrientation_IsUpright(int orientation, string seen)
    {
        byte[] plain = await File.ReadAllBytesAsync(await _bench.MakeAsync("plain.png", Corners + " -pix_fmt rgb24"), Workbench.Token);

        await CheckAsync(await WriteAsync("shot.png", InPng(plain, Tiff(orientation, little: false))), orientation, seen);
    }

    [Theory]
    [InlineData(6, "CADB")]
    [LongInlineData(4, "CDAB")]
    public async Task ReadFrames_TiffWithOrientation_IsUpright(int orientation, string seen) =>
        await CheckAsync(await WriteAsync("scan.tiff", PictureTiff(64, 48, orientation)), orientation, seen);

    [Fact]
    public async Task ReadFrames_LyingJpegAtAnotherSize_HasThatSize()
    {
        byte[] plain = await File.ReadAllBytesAsync(await _bench.MakeAsync("plain.jpg", Corners), Workbench.Token);
        string path = await WriteAsync("phone.jpg", InJpeg(plain, Tiff(6, little: true)));

        FrameRecord frame = (await _bench.ReadAsync(path, new FrameSampling { Width = 30, Height = 40 })).ShouldHaveSingleItem();

        (frame.Width, frame.Height, ColourAt(frame, 7, 10)).ShouldBe((30, 40, 'C'));
    }

    [Fact]
    public void Read_AnyBytesAfterAKnownStart_IsAnOrientation()
    {
        byte[][] starts = [InJpeg([0xFF, 0xD8], Tiff(6, little: true)), InWebP([.. "RIFF\0\0\0\0WEBP"u8], Tiff(6, little: true)), PictureTiff(1, 1, 6)];

        Gen.Select(Gen.Int[0, starts.Length - 1], Gen.Byte.Array[0, 60], Gen.Int[0, 80]).Sample((which, noise, at) =>
        {
            byte[] bytes = [.. starts[which].Take(at), .. noise, .. starts[which].Skip(at)];
            ExifOrientation.Read(new MemoryStream(bytes)).ShouldBeInRange(1, 8);
        });
    }

    private async Task<VideoInfo> CheckAsync(string path, int orientation, string seen)
    {
        VideoInfo info = (await _bench.Reader.OpenAsync(path, Workbench.Token)).Info;
        (info.Width, info.Height).ShouldBe(orientation >= 5 ? (48, 64) : (64, 48));
        FrameRecord frame = (await _bench.ReadAsync(path)).ShouldHaveSingleItem();
        (frame.Width, frame.Height).ShouldBe((info.Width, info.Height));
        (int right, int bottom) = (frame.Width - 9, frame.Height - 9);
        string.Concat(ColourAt(frame, 8, 8), ColourAt(frame, right, 8), ColourAt(frame, 8, bottom), ColourAt(frame, right, bottom)).ShouldBe(seen);
        return info;
    }

    private static char ColourAt(FrameRecord frame, int x, int y) => frame.At(x, y) switch
    {
        ( > 200, < 60, < 60) => 'A',
        ( < 60, > 200, < 60) => 'B',
        ( < 60, < 60, > 200) => 'C',
        ( > 200, > 200, > 200) => 'D',
        _ => '?',
    };

    private async Task<string> WriteAsync(string name, byte[] bytes)
    {
        await File.WriteAllBytesAsync(_bench.PathOf(name), bytes, Workbench.Token);
        return _bench.PathOf(name);
    }

    // One directory: the maker first, so that the orientation has to be searched for.
    private static byte[] Tiff(int orientation, bool little) =>
    [
        .. little ? "II"u8 : "MM"u8, .. Number(42, 2, little), .. Number(8, 4, little), .. Number(2, 2, little),
        .. Entry(271, 2, 4, "cam\0"u8.ToArray(), little),
        .. Entry(274, 3, 1, [.. Number(orientation, 2, little), 0, 0], little),
        .. Number(0, 4, little),
    ];

    private static byte[] InJpeg(byte[] plain, byte[] tiff) =>
        [0xFF, 0xD8, 0xFF, 0xE1, .. Number(2 + 6 + tiff.Length, 2, little: false), .. "Exif\0\0"u8, .. tiff, .. plain[2..]];

    // The extended layout of WebP: VP8X with the EXIF flag (8) and the size less one in 24 bits, the picture, then EXIF.
    private static byte[] InWebP(byte[] plain, byte[] tiff)
    {
        byte[] chunks =
        [
            .. "WEBPVP8X"u8, .. Number(10, 4, little: true), 8, 0, 0, 0, .. Number(63, 3, little: true), .. Number(47, 3, little: true),
            .. plain[12..], .. "EXIF"u8, .. Number(tiff.Length, 4, little: true), .. tiff,
        ];
        return [.. "RIFF"u8, .. Number(chunks.Length, 4, little: true), .. chunks];
    }

    // The checksum is left 0: eXIf is ancillary, and neither we nor ffmpeg's decoder stop at it.
    private static byte[] InPng(byte[] plain, byte[] tiff)
    {
        const int AfterHeader = 8 + 12 + 13;
        return [.. plain[..AfterHeader], .. Number(tiff.Length, 4, little: false), .. "eXIf"u8, .. tiff, 0, 0, 0, 0, .. plain[AfterHeader..]];
    }

    private static byte[] PictureTiff(int width, int height, int orientation)
    {
        const int Entries = 10;
        const int Directory = 8;
        int bits = Directory + 2 + (Entries * 12) + 4;
        byte[] pixels = [.. Enumerable.Range(0, width * height).SelectMany(i => Pixel(i % width < width / 2, i / width < height / 2))];
        return
        [
            .. "II"u8, .. Long(42, 2), .. Long(Directory), .. Long(Entries, 2),
            .. One(256, width), .. One(257, height), .. Entry(258, 3, 3, Long(bits), true), .. One(259, 1), .. One(262, 2),
            .. One(273, bits + 6), .. One(274, orientation), .. One(277, 3), .. One(278, height), .. Entry(279, 4, 1, Long(pixels.Length), true),
            .. Long(0), .. Long(8, 2), .. Long(8, 2), .. Long(8, 2), .. pixels,
        ];

        static byte[] Pixel(bool left, bool top) =>
            top ? left ? [255, 0, 0] : [0, 255, 0] : left ? [0, 0, 255] : [255, 255, 255];

        static byte[] Long(int value, int size = 4) => Number(value, size, little: true);

        static byte[] One(int tag, int value) => Entry(tag, 3, 1, Long(value), true);
    }

    private static byte[] Entry(int tag, int type, int count, byte[] value, bool little) =>
        [.. Number(tag, 2, little), .. Number(type, 2, little), .. Number(count, 4, little), .. value];

    private static byte[] Number(int value, int size, bool little)
    {
        byte[] bytes = new byte[4];
        if (little)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
            return bytes[..size];
        }

        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes[(4 - size)..];
    }
}
