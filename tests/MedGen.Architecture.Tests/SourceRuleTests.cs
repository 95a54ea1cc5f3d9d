using System.Text.RegularExpressions;

namespace MedGen.Architecture.Tests;

/// <summary>Rules of the house that a compiler does not check.</summary>
public partial class SourceRuleTests
{
    private static readonly string[] Code = ["src", "plugins"];

    [Fact]
    public void Sources_DoNotBlockOnTasksOrReadTheWallClock() => LinesThatMatch(Blocking()).ShouldBeEmpty();

    [Fact]
    public void Sources_HoldNoPlaceholders() => LinesThatMatch(Placeholder()).ShouldBeEmpty();

    [Fact]
    public void EveryProject_SaysWhatBelongsThere() =>
        Directory.EnumerateFiles(RepositoryRoot.Path("src"), "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetDirectoryName(path)!)
            .Where(folder => !File.Exists(Path.Combine(folder, "README.md")))
            .ShouldBeEmpty();

    private static IEnumerable<string> LinesThatMatch(Regex pattern) =>
        from file in Code.SelectMany(Repository.SourceFiles)
        from line in File.ReadLines(file).Select((text, index) => (text, number: index + 1))
        where pattern.IsMatch(line.text)
        select $"{Path.GetRelativePath(RepositoryRoot.Path(), file)}:{line.number}: {line.text.Trim()}";

    [GeneratedRegex(@"\.GetAwaiter\(\)\.GetResult\(|\.Wait\(\)|Task\w*\.Result\b|Thread\.Sleep|DateTime(Offset)?\.(Utc)?Now\b")]
    private static partial Regex Blocking();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK)\b|NotImplementedException")]
    private static partial Regex Placeholder();
}
