using System.Text;
using CsCheck;
using MedGen.Dicom.Web;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.Tests.Web;

public class MultipartReaderTests
{
    private const string Type = "multipart/related; type=\"application/dicom\"; boundary=\"edge\"";

    [Fact]
    public void Parts_OfAnyContentInPiecesOfAnySize_AreReadAsTheyWere() =>
        Gen.Select(Gen.OneOf(Gen.Byte.Array[0, 300], Gen.Const("\r\n--edg\r\n--edgy"u8.ToArray()[..14]), Gen.Const("\r\n"u8.ToArray())).Array[0, 5], Gen.Int[1, 40])
            .Sample(
                (contents, piece) =>
                {
                    byte[][] safe = [.. contents.Where(one => one.AsSpan().IndexOf("\r\n--edge"u8) < 0)];
                    List<byte[]> read = ReadAsync(Body(safe), piece).GetAwaiter().GetResult();
                    read.Count.ShouldBe(safe.Length);
                    read.Zip(safe).ShouldAllBe(pair => pair.First.SequenceEqual(pair.Second));
                },
                iter: 300);

    [Fact]
    public async Task Next_WithoutReadingTheContent_PassesItOver()
    {
        MultipartReader reader = MultipartReader.Open(new MemoryStream(Body(["one"u8.ToArray(), "two"u8.ToArray()])), Type);
        (await reader.NextAsync(DicomFolder.Token))!.MediaType.ShouldBe("application/dicom");
        using MemoryStream content = new();
        (await (await reader.NextAsync(DicomFolder.Token))!.CopyToAsync(content, DicomFolder.Token)).ShouldBe(3);
        content.ToArray().ShouldBe("two"u8.ToArray());
        (await reader.NextAsync(DicomFolder.Token)).ShouldBeNull();
    }

    [Theory]
    [InlineData("--edge\r\nA: b\r\n\r\ncut off", "ends within part 1")]
    [InlineData("--edge\r\nA: b\r\n", "ends within the headers of part 1")]
    [InlineData("no delimiter at all", "ends within the text before the first part")]
    [InlineData("--edge\r\nno colon\r\n\r\n--edge--", "has no name, or stands there twice")]
    [InlineData("--edge\r\nA: b\r\na: c\r\n\r\n\r\n--edge--", "has no name, or stands there twice")]
    [InlineData("--edge and more\r\n", "something stands behind a delimiter")]
    [InlineData("--edge\r\n\r\n123456789012\r\n--edge--", "part 1 has more than 10 bytes")]
    [InlineData("--edge\r\n\r\n1\r\n--edge\r\n\r\n2\r\n--edge\r\n\r\n3\r\n--edge--", "more than 2 parts")]
    [InlineData("--edge\r\nA: 12345678901234567890123456789012345678901234567890123456789012345\r\n\r\n1\r\n--edge--", "more than 64 bytes")]
    public async Task Read_OfWhatIsWrong_IsRefusedByName(string body, string why)
    {
        MultipartLimits limits = new() { PartBytes = 10, Parts = 2, HeaderBytes = 64 };
        (await Should.ThrowAsync<MediaException>(() => ReadAsync(Encoding.ASCII.GetBytes(body), 7, limits))).Message.ShouldContain(why);
    }

    [Fact]
    public async Task Read_AfterAPartThatIsTooLong_GoesOnWithTheNext()
    {
        using MemoryStream body = new(Body([new byte[500_000], [7]]));
        MultipartReader reader = MultipartReader.Open(body, Type, new MultipartLimits { PartBytes = 10 });
        MultipartPart first = (await reader.NextAsync(DicomFolder.Token))!;
        await Should.ThrowAsync<MediaException>(() => first.CopyToAsync(Stream.Null, DicomFolder.Token));

        MultipartPart second = (await reader.NextAsync(DicomFolder.Token))!;
        using MemoryStream content = new();
        await second.CopyToAsync(content, DicomFolder.Token);

        first.IsTooLong.ShouldBeTrue();
        second.IsTooLong.ShouldBeFalse();
        content.ToArray().ShouldBe([7]);
        (await reader.NextAsync(DicomFolder.Token)).ShouldBeNull();
    }

    [Theory]
    [InlineData("application/dicom")]
    [InlineData("multipart/related")]
    [InlineData(null)]
    public void Open_OfAnotherType_IsRefused(string? type) =>
        Should.Throw<MediaException>(() => MultipartReader.Open(Stream.Null, type)).Message.ShouldContain("multipart/related with a boundary");

    private static byte[] Body(IEnumerable<byte[]> parts)
    {
        byte[] head = "\r\n--edge\r\nContent-Type: Application/DICOM; x=y\r\n\r\n"u8.ToArray();
        byte[] end = "\r\n--edge--\r\nafter"u8.ToArray();
        return [.. parts.SelectMany(part => (byte[])[.. head, .. part]).Skip(2), .. parts.Any() ? end : end[2..]];
    }

    private static async Task<List<byte[]>> ReadAsync(byte[] body, int piece, MultipartLimits? limits = null)
    {
        MultipartReader reader = MultipartReader.Open(new Pieces(body, piece), Type, limits);
        List<byte[]> read = [];
        while (await reader.NextAsync(DicomFolder.Token) is { } part)
        {
            using MemoryStream content = new();
            await part.CopyToAsync(content, DicomFolder.Token);
            read.Add(content.ToArray());
        }

        return read;
    }

    private sealed class Pieces(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
