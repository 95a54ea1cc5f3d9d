using System.Diagnostics;

namespace MedGen.Architecture.Tests;

/// <summary>The sources that these tests were built from.</summary>
internal static class Repository
{
    private static readonly string[] Untracked = [".git", ".vs", "artifacts", "bin", "obj", "out", "TestResults"];

    public static IEnumerable<string> SourceFiles(string folder) =>
        Directory.EnumerateFiles(RepositoryRoot.Path(folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    /// <summary>Full paths of everything that a clone brings; where there is no git, of everything but what a build leaves.</summary>
    public static IReadOnlyList<string> TrackedFiles() =>
        Path.Exists(RepositoryRoot.Path(".git")) && ListByGit() is { } listed ? listed : [.. Walk(new DirectoryInfo(RepositoryRoot.Path()))];

    private static string[]? ListByGit()
    {
        ProcessStartInfo start = new("git", ["ls-files", "-z"]) { WorkingDirectory = RepositoryRoot.Path(), RedirectStandardOutput = true };
        try
        {
            using Process git = Process.Start(start)!;
            string output = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            return git.ExitCode == 0
                ? [.. output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(path => RepositoryRoot.Path(path)).Where(File.Exists)]
                : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // no git here
        }
    }

    private static IEnumerable<string> Walk(DirectoryInfo folder) =>
        folder.EnumerateFiles().Select(file => file.FullName)
            .Concat(folder.EnumerateDirectories().Where(inner => !Untracked.Contains(inner.Name)).SelectMany(Walk));
}
