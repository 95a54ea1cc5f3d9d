using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using MedGen.Cli.Commands;

namespace MedGen.Cli.Tests;

/// <summary>The commands that the documentation for operators tells people to type are commands, with these options.</summary>
public sealed partial class DocumentedCommandTests
{
    [Theory]
    [InlineData("operations.md", 25)]
    [InlineData("security.md", 5)]
    [InlineData("configuration.md", 2)]
    public void Commands_OfAPage_AreAccepted(string page, int least)
    {
        RootCommand root = MedGenRootCommand.Create();
        string text = File.ReadAllText(RepositoryRoot.Path("docs", page));
        string[] commands =
        [
            .. Typed().Matches(text).Select(match => match.Groups[1].Value)
                .Select(command => Filled(command.Split("  #")[0]))
                .Where(command => !command.Contains('|') && !command.Contains("--help")).Distinct(),
        ];

        commands.Length.ShouldBeGreaterThanOrEqualTo(least);
        commands.SelectMany(command => root.Parse([.. CommandLineParser.SplitCommandLine(command).Skip(1)]).Errors.Select(error => $"{command}: {error.Message}"))
            .Where(error => !error.Contains("required", StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
    }

    // What stands for something else there, and what need not be given. Within a line a command may be named without what it needs.
    private static string Filled(string command) => Substitution().Replace(command, "X").Replace(" …", "", StringComparison.Ordinal)
        .Replace("[", "", StringComparison.Ordinal)
        .Replace("]", "", StringComparison.Ordinal).Replace(" MIB", " 1", StringComparison.Ordinal).Replace(" DAYS", " 1", StringComparison.Ordinal);

    // In a block of its own, or within a line.
    [GeneratedRegex(@"(?:^|`)(medgen [a-z][^`\n]*)", RegexOptions.Multiline)]
    private static partial Regex Typed();

    [GeneratedRegex(@"\$\([^)]*\)")]
    private static partial Regex Substitution();
}
