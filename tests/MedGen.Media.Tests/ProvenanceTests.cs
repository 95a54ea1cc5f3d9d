using System.Text;
using MedGen.Media.Provenance;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Media.Tests;

public sealed class ProvenanceTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("medgen-provenance-");
    private readonly ServiceProvider _services = new ServiceCollection().AddMedGenMedia().BuildServiceProvider();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IFrameHasher Hasher => _services.GetRequiredService<IFrameHasher>();

    public void Dispose()
    {
        _services.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task AppendAsync_ToAFilm_LeavesItsFramesAndIsReadAgain()
    {
        string film = await WriteAsync("a.mp4", shade: 0);
        string hash = await Hasher.HashAsync(film, Token);

        await ProvenanceBox.AppendAsync(film, Encoding.UTF8.GetBytes("a text"), Token);

        (await ProvenanceBox.ReadAsync(film, Token)).ShouldBe(Encoding.UTF8.GetBytes("a text"));
        (await Hasher.HashAsync(film, Token)).ShouldBe(hash);
        hash.ShouldMatch("^[0-9a-f]{64}$");
    }

    [Fact]
    public async Task HashAsync_OfOtherFrames_IsAnother() =>
        (await Hasher.HashAsync(await WriteAsync("a.mp4", shade: 0), Token)).ShouldNotBe(await Hasher.HashAsync(await WriteAsync("b.mp4", shade: 1), Token));

    [Fact]
    public async Task HashAsync_OfWhatIsNoFilm_SaysSo()
    {
        string text = Path.Combine(_folder.FullName, "a.mp4");
        await File.WriteAllTextAsync(text, "not a film", Token);

        await Should.ThrowAsync<MediaException>(() => Hasher.HashAsync(text, Token));
        await Should.ThrowAsync<MediaException>(() => Hasher.HashAsync(text + ".gone", Token));
    }

    // Sizes that lie: of no byte, beyond the end, of 64 bits, and less than a header.
    [Theory]
    [InlineData("")]
    [InlineData("0000")]
    [InlineData("7fffffff75756964")]
    [InlineData("0000000175756964ffffffffffffffff")]
    [InlineData("0000000475756964")]
    [InlineData("0000001875756964")]
    [InlineData("0000000075756964")]
    public async Task ReadAsync_OfAFileThatIsNoFilm_FindsNothing(string content)
    {
        string file = Path.Combine(_folder.FullName, "x");
        await File.WriteAllBytesAsync(file, Convert.FromHexString(content), Token);

        (await ProvenanceBox.ReadAsync(file, Token)).ShouldBeNull();
    }

    private async Task<string> WriteAsync(string name, byte shade)
    {
        string path = Path.Combine(_folder.FullName, name);
        await _services.GetRequiredService<IVideoWriter>().WriteAsync(path, Frames(), new VideoEncoding { FramesPerSecond = 8, ProvenanceId = "test" }, Token);
        return path;

        async IAsyncEnumerable<VideoFrame> Frames()
        {
            await Task.CompletedTask;
            for (int i = 0; i < 5; i++)
            {
                VideoFrame frame = VideoFrame.Rent(32, 16, i, TimeSpan.FromSeconds(i / 8.0));
                frame.WritablePixels.Span.Fill((byte)(40 * (i + shade)));
                yield return frame;
            }
        }
    }
}
