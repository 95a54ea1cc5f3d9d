using System.Globalization;
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

    // As .editorconfig says.
    [Fact]
    public void Lines_HaveAtMost150Characters() => LinesThatMatch(LongLine()).ShouldBeEmpty();

    // One spelling, so that a scope is seen at once: using var scope = NewDisposeScope(); using var noGrad = no_grad();
    [Fact]
    public void TorchScopes_AreSpelledOneWay() => LinesThatMatch(TorchScope()).ShouldBeEmpty();

    // A thousand ids a project, so that an id in a log says where it comes from.
    [Fact]
    public void EventIds_OfAProject_LieInARangeOfItsOwn()
    {
        (string Project, int Id)[] events =
        [
            .. from file in Code.SelectMany(Repository.SourceFiles)
               from Match id in LogEvent().Matches(File.ReadAllText(file))
               select (Path.GetRelativePath(RepositoryRoot.Path(), file).Split(Path.DirectorySeparatorChar)[1], int.Parse(id.Groups[1].Value, CultureInfo.InvariantCulture)),
        ];

        events.ShouldNotBeEmpty();
        events.GroupBy(one => one.Id).Where(same => same.Count() > 1).ShouldBeEmpty();
        events.GroupBy(one => one.Id / 1000).Where(range => range.Select(one => one.Project).Distinct().Count() > 1).ShouldBeEmpty();
        events.GroupBy(one => one.Project).Where(project => project.Select(one => one.Id / 1000).Distinct().Count() > 1).ShouldBeEmpty();
    }

    // A using directive stands for a use, since unnecessary ones do not compile.
    [Theory]
    [InlineData("MedGen.Datasets")]
    [InlineData("MedGen.Evaluation")]
    [InlineData("MedGen.Curation")]
    [InlineData("MedGen.Classifiers")]
    [InlineData("MedGen.Classifiers.Training")]
    public void Folders_OfAProject_UseEachOtherInOneDirectionOnly(string project)
    {
        string root = RepositoryRoot.Path("src", project);
        Regex use = new($@"^using {Regex.Escape(project)}\.(\w+)", RegexOptions.Multiline);
        ILookup<string, string> uses = Repository.SourceFiles(Path.Combine("src", project))
            .Select(file => (Folder: Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar)[0], Text: File.ReadAllText(file)))
            .SelectMany(file => use.Matches(file.Text).Select(match => (file.Folder, Used: match.Groups[1].Value)))
            .Where(one => one.Folder != one.Used).Distinct().ToLookup(one => one.Folder, one => one.Used);

        uses.SelectMany(folder => folder.Select(used => (folder.Key, Used: used))).Where(one => Reaches(one.Used, one.Key, [])).ShouldBeEmpty();

        bool Reaches(string from, string to, HashSet<string> seen) => seen.Add(from) && uses[from].Any(next => next == to || Reaches(next, to, seen));
    }

    private static IEnumerable<string> LinesThatMatch(Regex pattern) =>
        from file in Code.SelectMany(Repository.SourceFiles)
        from line in File.ReadLines(file).Select((text, index) => (text, number: index + 1))
        where pattern.IsMatch(line.text)
        select $"{Path.GetRelativePath(RepositoryRoot.Path(), file)}:{line.number}: {line.text.Trim()}";

    [GeneratedRegex(@"\.GetAwaiter\(\)\.GetResult\(|\.Wait\(\)|Task\w*\.Result\b|Thread\.Sleep|DateTime(Offset)?\.(Utc)?Now\b")]
    private static partial Regex Blocking();

    [GeneratedRegex("^.{151,}$")]
    private static partial Regex LongLine();

    [GeneratedRegex(@"using (?!var (scope|\w+Scope|outer|inner) = )[^=]*= (torch\.)?NewDisposeScope\(|using (?!var noGrad = )[^=]*= (torch\.)?no_grad\(")]
    private static partial Regex TorchScope();

    [GeneratedRegex(@"\[LoggerMessage\((\d+),")]
    private static partial Regex LogEvent();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK)\b|NotImplementedException")]
    private static partial Regex Placeholder();
}
