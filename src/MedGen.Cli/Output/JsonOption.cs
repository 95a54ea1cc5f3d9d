using System.CommandLine;

namespace MedGen.Cli.Output;

/// <summary>The option <c>--json</c>, the same for every command.</summary>
internal static class JsonOption
{
    public static Option<bool> Create() => new("--json") { Description = "One JSON object per line on standard output, and nothing else." };
}
