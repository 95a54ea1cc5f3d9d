using System.CommandLine;

namespace MedGen.Cli.Connections;

/// <summary><c>--plugin ID</c>.</summary>
internal static class PluginOption
{
    public static Option<string?> Create() =>
        new("--plugin") { Description = "Id of the plugin that shall do it. Default: the one that serves ('medgen plugins list')." };
}
