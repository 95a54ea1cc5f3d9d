using MedGen.Sdk.Files;

namespace MedGen.Sdk.Tests.Files;

public sealed class WholeFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-files-").FullName;

    private string Target => Path.Combine(_folder, "file.txt");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Write_OverAFile_ReplacesItAndLeavesNothingBeside()
    {
        WholeFile.Write(Target, "first");
        await WholeFile.WriteAsync(Target, async path =>
        {
            await File.WriteAllTextAsync(path, "second", TestContext.Current.CancellationToken);
            (await File.ReadAllTextAsync(Target, TestContext.Current.CancellationToken)).ShouldBe("first");
        });

        (await File.ReadAllTextAsync(Target, TestContext.Current.CancellationToken)).ShouldBe("second");
        Directory.GetFiles(_folder).ShouldBe([Target]);
    }

    [Fact]
    public async Task Write_ThatBreaksOffHalfway_LeavesWhatWasThere()
    {
        WholeFile.Write(Target, "first");

        Should.Throw<IOException>(() => WholeFile.Write(Target, path =>
        {
            File.WriteAllText(path, "sec");
            throw new IOException("no room");
        }));
        await Should.ThrowAsync<OperationCanceledException>(() => WholeFile.WriteAsync(Target, async path =>
        {
            await File.WriteAllTextAsync(path, "sec", TestContext.Current.CancellationToken);
            throw new OperationCanceledException();
        }));

        (await File.ReadAllTextAsync(Target, TestContext.Current.CancellationToken)).ShouldBe("first");
        Directory.GetFiles(_folder).ShouldBe([Target]);
    }
}
