using System.Formats.Tar;
using System.Text.RegularExpressions;

namespace MedGen.Cli.Tests;

/// <summary>clients/python as its README says. Skipped where Debian's packages for it are not installed.</summary>
public sealed partial class PythonPackageTests
{
    [Fact, Long]
    public async Task Package_AgainstAHost_PassesItsTestsAndRunsItsReadme()
    {
        await using PythonEnvironment python = await PythonEnvironment.CreateAsync("torch");
        string tests = await python.MustAsync(python.Interpreter, ["-m", "unittest", "discover", "-s", RepositoryRoot.Path("clients", "python", "tests")]);
        tests.ShouldContain("Ran 22 tests");

        await TarFile.CreateFromDirectoryAsync(
            RepositoryRoot.Path("samples", "datasets", "lung"), Path.Combine(python.Folder, "lung.tar"), includeBaseDirectory: false, TestContext.Current.CancellationToken);
        Directory.CreateSymbolicLink(Path.Combine(python.Folder, "samples"), RepositoryRoot.Path("samples"));
        string readme = await File.ReadAllTextAsync(RepositoryRoot.Path("clients", "python", "README.md"), TestContext.Current.CancellationToken);
        string[] examples = [.. Example().Matches(readme).Select(match => match.Groups[1].Value.Replace("127.0.0.1:8470", python.Address, StringComparison.Ordinal))];
        examples.Length.ShouldBe(9);

        string said = await python.MustAsync(python.Interpreter, ["-c", string.Join('\n', examples)]);

        said.ShouldContain("(9, 128, 128, 3) []");
        said.ShouldContain("medgen.surgical-phase");
        said.ShouldContain("CT ES");
        said.ShouldContain("width got 17; allowed: 16, 32, 48");
        said.ShouldContain("[] []"); // no studies
        said.ShouldContain("torch.Size([4, 3, 8, 64, 64])");
        File.Exists(Path.Combine(python.Folder, "lung-augmented.tar")).ShouldBeTrue();
    }

    [GeneratedRegex("```python\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
