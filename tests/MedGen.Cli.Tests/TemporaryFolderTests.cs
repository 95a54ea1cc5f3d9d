using MedGen.Cli.Connections;

namespace MedGen.Cli.Tests;

public sealed class TemporaryFolderTests : IDisposable
{
    private readonly string _place = Directory.CreateTempSubdirectory("medgen-temporary-").FullName;

    public void Dispose() => Directory.Delete(_place, recursive: true);

    [Fact]
    public void Create_WhereACommandWasKilled_RemovesItsFolderAndNoOther()
    {
        using TemporaryFolder atWork = TemporaryFolder.Create(_place);
        string killed = Leave("medgen-run-killed", "held", "data/prompt.txt");
        string strange = Leave("medgen-run-strange", "thesis.txt");
        string link = Path.Combine(_place, "medgen-run-link");
        Directory.CreateSymbolicLink(link, Leave("elsewhere", "held"));

        using TemporaryFolder own = TemporaryFolder.Create(_place);

        Directory.Exists(killed).ShouldBeFalse();
        Directory.GetDirectories(_place).ShouldBe([atWork.Path, own.Path, strange, link, Path.Combine(_place, "elsewhere")], ignoreOrder: true);
        File.Exists(Path.Combine(link, "held")).ShouldBeTrue();
    }

    [Fact]
    public void Dispose_OfAFolder_TakesEverythingInIt()
    {
        using (TemporaryFolder folder = TemporaryFolder.Create(_place))
        {
            File.WriteAllText(Path.Combine(folder.Path, "clip.mp4"), "x");
            if (!OperatingSystem.IsWindows())
            {
                File.GetUnixFileMode(folder.Path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }

        Directory.GetDirectories(_place).ShouldBeEmpty();
    }

    private string Leave(string name, params string[] files)
    {
        string folder = Path.Combine(_place, name);
        foreach (string file in files.Select(file => Path.Combine(folder, file)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, "x");
        }

        return folder;
    }
}
