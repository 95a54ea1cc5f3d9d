using System.Text.RegularExpressions;

namespace MedGen.Architecture.Tests;

/// <summary>A clone is enough: no file reaches for what lies outside of the repository, and the repository stays small.</summary>
public partial class CloneTests
{
    private const long LargestTree = 60_000_000;

    private static readonly HashSet<string> Binary = new(
        [".avi", ".dcm", ".gguf", ".m4v", ".mkv", ".model", ".mp4", ".mpg", ".png", ".safetensors", ".tar"], StringComparer.Ordinal);

    [Fact]
    public void TrackedFiles_ReachForNothingOutside() =>
        Repository.TrackedFiles()
            .Where(file => !Binary.Contains(Path.GetExtension(file)))
            .SelectMany(file => File.ReadLines(file).SelectMany((line, index) => Reaching(file, line).Select(path =>
                $"{Path.GetRelativePath(RepositoryRoot.Path(), file)}:{index + 1}: {path}")))
            .ShouldBeEmpty();

    [Fact]
    public void TrackedFiles_Together_StaySmall() => Repository.TrackedFiles().Sum(file => new FileInfo(file).Length).ShouldBeLessThan(LargestTree);

    [Theory]
    [InlineData("tests/One.cs", "string clips = RepositoryRoot.Path(\"..\", \"sha" + "red\", \"data\");")]
    [InlineData("tests/One.cs", "string clips = Path.Combine(root, \"..\", \"sha" + "red\");")]
    [InlineData("tests/One/One.csproj", "<Content Include=\"../../.." + "/clips/**\" />")]
    [InlineData("docs/one.md", "[facts](../.." + "/facts.md)")]
    [InlineData("recipes/one.json", "\"folder\": \"/wo" + "rk/data\"")]
    [InlineData("run.sh", "source /ho" + "me/someone/settings")]
    public void Reaching_APathThatLeavesTheRepository_IsFound(string file, string line) => Reaching(RepositoryRoot.Path(file), line).ShouldNotBeEmpty();

    [Theory]
    [InlineData("tests/One/One.csproj", "<Content Include=\"../../samples/clips/**\" />")]
    [InlineData("docs/adr/0001-one.md", "[README](../../README.md), https://example.org/home/index.html")]
    [InlineData("src/One.cs", "if (name.Contains(\"../\")) // \"../../../../etc/passwd\"")]
    [InlineData("one.py", "#!/usr/bin/python3")]
    public void Reaching_OtherPaths_AreNotFound(string file, string line) => Reaching(RepositoryRoot.Path(file), line).ShouldBeEmpty();

    private static IEnumerable<string> Reaching(string file, string line)
    {
        IEnumerable<string> absolute = MachinePath().Matches(line).Concat(Shared().Matches(line)).Select(match => match.Value);
        // Code names hostile paths to refuse them; what it opens, it opens by parts.
        return Path.GetExtension(file) == ".cs"
            ? absolute.Concat(UpwardParts().Matches(line).Select(match => match.Value))
            : absolute.Concat(UpwardPath().Matches(line).Select(match => match.Value).Where(path => Leaves(file, path)));
    }

    private static bool Leaves(string file, string path) =>
        !Path.GetFullPath(path, Path.GetDirectoryName(file)!).StartsWith(RepositoryRoot.Path() + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    [GeneratedRegex(@"(?<![\w.:/$}])/(?:work|home|root|Users|mnt|media)/[\w.-]+")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"\.\./shared\b|""\.\."",\s*""shared""")]
    private static partial Regex Shared();

    [GeneratedRegex(@"RepositoryRoot\.Path\(\s*""\.\.")]
    private static partial Regex UpwardParts();

    [GeneratedRegex(@"(?:\.\./)+[\w.*-]*")]
    private static partial Regex UpwardPath();
}
