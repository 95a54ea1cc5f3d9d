using System.CommandLine;
using MedGen.Cli.Output;
using MedGen.Host;
using MedGen.PluginHost;
using MedGen.PluginHost.Checks;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Testing.Conformance;

namespace MedGen.Cli.Commands;

/// <summary>All of a host's checks on a plugin's folder, with the plugin's code in this process.</summary>
internal static class PluginCheck
{
    /// <summary>What an operator would set of the plugin.</summary>
    public static Option<string?> SettingsOption() => new("--settings")
    {
        Description = "Folder with <id>.json, what an operator would set. Without it nothing is set.", HelpName = "FOLDER",
    };

    /// <summary>Makes the checks.</summary>
    /// <param name="folder">The version folder.</param>
    /// <param name="settings">Folder with what an operator would set; null: nothing is set.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<PluginCheckResult> RunAsync(string folder, string? settings, CancellationToken cancellationToken)
    {
        // The plugin is lent what a real host lends, so a real host is started, with no plugins of its own.
        string data = Directory.CreateTempSubdirectory("medgen-check-").FullName;
        try
        {
            MedGenHostOptions options = new() { GrpcPort = 0, HttpPort = 0, DataFolder = data, PluginFolders = [] };
            await using MedGenHost host = MedGenHost.Build(options);
            await host.StartAsync(cancellationToken);
            PluginHostOptions plugins = new() { SettingsFolder = settings };
            PluginWorkerCommand.Use(plugins);
            PluginChecker checker = new(host.Services, plugins, TimeProvider.System) { Call = CallAsync };
            PluginCheckResult result = await checker.CheckAsync(folder, cancellationToken);
            await host.StopAsync(CancellationToken.None);
            return result;
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    /// <summary>Writes what was found.</summary>
    /// <param name="findings">The findings.</param>
    /// <param name="json">Whether for programs.</param>
    public static void Write(IEnumerable<PluginFinding> findings, bool json)
    {
        foreach (PluginFinding finding in findings)
        {
            if (json)
            {
                JsonLines.Write(finding);
            }
            else
            {
                Terminal.Line($"{finding.Severity,-12} {finding.Check,-12} {finding.Message}");
            }
        }
    }

    // A refusal in words is no broken contract: a model may be needed, or parameters.
    private static async Task<string?> CallAsync(object service, CancellationToken cancellationToken)
    {
        ConformanceSuite suite = service switch
        {
            IVideoAnalyzer analyzer => new AnalyzerConformance(analyzer),
            IVideoGenerator generator => new GeneratorConformance(generator),
            _ => new AugmenterConformance((IDatasetAugmenter)service),
        };
        try
        {
            await suite.RunAllAsync(cancellationToken);
            return null;
        }
        catch (ConformanceException exception) when (exception.InnerException is MedGenException refusal)
        {
            return refusal.Message;
        }
    }
}
