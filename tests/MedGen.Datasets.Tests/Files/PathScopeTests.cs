using MedGen.Sdk.Errors;
using MedGen.Datasets.Files;

namespace MedGen.Datasets.Tests.Files;

public sealed class PathScopeTests : IDisposable
{
    private readonly string _base = Directory.CreateTempSubdirectory("medgen-scope-").FullName;
    private readonly PathScope _scope;

    public PathScopeTests()
    {
        Directory.CreateDirectory(Full("in/a/b"));
        Directory.CreateDirectory(Full("outside/c"));
        _scope = PathScope.Within([Full("in")]);
    }

    public void Dispose() => Directory.Delete(_base, recursive: true);

    [Theory]
    [InlineData("in")]
    [InlineData("in/a")]
    [InlineData("in/not/there/yet")]
    [InlineData("in/a/../a/b")]
    public void Resolve_PathInside_IsThePath(string path) => _scope.Resolve(Full(path), "field").ShouldBe(Path.GetFullPath(Full(path)));

    [Theory]
    [InlineData("outside")]
    [InlineData("in/../outside")]
    [InlineData("in-beside")]
    public void Resolve_PathOutside_IsRefusedWithItsField(string path)
    {
        string message = Should.Throw<AccessDeniedException>(() => _scope.Resolve(Full(path), "data_folder")).Message;

        message.ShouldStartWith("data_folder: ");
        message.ShouldContain("none of those");
    }

    [Theory]
    [InlineData("outside", "link")]
    [InlineData("outside", "link/c")]
    [InlineData("outside", "link/not-there")]
    [InlineData("../outside", "link/c")]
    [InlineData("not-there", "link")]
    [InlineData("outside/c", "link/../c")]
    [InlineData("second", "link/c")]
    public void Resolve_LinkOut_IsRefusedWithItsField(string target, string path)
    {
        Link("in/second", Full("outside"));
        Link("in/link", target == "second" ? target : target.StartsWith("..", StringComparison.Ordinal) ? target : Full(target));

        string message = Should.Throw<AccessDeniedException>(() => _scope.Resolve(Full($"in/{path}"), "output_folder")).Message;

        message.ShouldStartWith("output_folder: ");
        message.ShouldContain("leads by a link out");
    }

    [Theory]
    [InlineData("a", "link/b", "in/a/b")]
    [InlineData("./a/./b", "link", "in/a/b")]
    [InlineData("a/b", "link/../new", "in/a/new")]
    public void Resolve_LinkToAPlaceInside_IsThatPlace(string target, string path, string real)
    {
        Link("in/link", target);

        _scope.Resolve(Path.Combine(_base, "in") + "/" + path, "field").ShouldBe(Full(real));
    }

    [Fact]
    public void Resolve_RootThatIsALink_IsTheFolderBehindIt()
    {
        Link("root", Full("in"));
        PathScope scope = PathScope.Within([Full("root")]);

        scope.Resolve(Full("root/a"), "field").ShouldBe(Full("in/a"));
        scope.Resolve(Full("in/a"), "field").ShouldBe(Full("in/a"));
    }

    [Fact]
    public void Resolve_LinksInACircle_AreRefused()
    {
        Link("in/one", "two");
        Link("in/two", "one");

        Should.Throw<AccessDeniedException>(() => _scope.Resolve(Full("in/one/x"), "field")).Message.ShouldContain("40 links");
    }

    [Fact]
    public void Resolve_Anywhere_LeavesThePathAsItIs() => PathScope.Anywhere.Resolve("x/../y", "field").ShouldBe("x/../y");

    [Fact]
    public void RequireTree_LinkOutDeepDown_IsRefused()
    {
        Link("in/a/b/inside", Full("in/a"));
        _scope.RequireTree(Full("in"), "field");
        Link("in/a/b/out", Full("outside"));

        Should.Throw<AccessDeniedException>(() => _scope.RequireTree(Full("in"), "field")).Message.ShouldContain("'out'");
    }

    private string Full(string path) => Path.Combine(_base, path);

    private void Link(string path, string target) => File.CreateSymbolicLink(Full(path), target);
}
