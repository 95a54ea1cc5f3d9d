using System.CommandLine;
using MedGen.Host;
using MedGen.PluginHost;
using MedGen.PluginHost.Isolation.Worker;
using MedGen.PluginHost.Trust;
using MedGen.Runtime;
using MedGen.Sdk.Torch.Execution;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen plugin-worker</c>: serves one plugin to the host that started it, over standard input and output. Not for people.</summary>
internal static class PluginWorkerCommand
{
    private const string Name = "plugin-worker";

    public static Command Create()
    {
        Command command = new(Name, "Serves a plugin in a process of its own; a host starts it.") { Hidden = true };
        command.SetAction(async (_, _) =>
        {
            Stream input = Console.OpenStandardInput();
            Console.SetIn(TextReader.Null);
            await PluginWorker.RunAsync(input, LendDevice);

            // At once: the plugin's threads may go on for ever.
            Environment.Exit(ExitCode.Success);
        });
        return command;
    }

    /// <summary>Has a host start this very program for plugins in a process of their own.</summary>
    public static void Use(PluginHostOptions plugins)
    {
        string[] program = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [Environment.ProcessPath!, typeof(PluginWorkerCommand).Assembly.Location]
            : [Environment.ProcessPath!];
        plugins.WorkerCommand = [.. program, Name];
    }

    /// <summary>The same for a whole host's options, and tells it the platform's own plugins by their content.</summary>
    public static MedGenHostOptions Lend(MedGenHostOptions options) => options with
    {
        Plugins = plugins =>
        {
            Use(plugins);
            using StreamReader own = new(typeof(PluginWorkerCommand).Assembly.GetManifestResourceStream("own-plugins.sha256")!);
            OwnFiles.Read(own, plugins.OwnFiles);
            options.Plugins?.Invoke(plugins);
        },
    };

    // A processor of its own: the host's device is not lent beyond the model's features.
    private static void LendDevice(IServiceCollection services)
    {
        ServiceCollection runtime = new();
        runtime.AddLogging();
        runtime.AddMedGenRuntime(options => options.Device = "cpu");
        services.AddSingleton<IDeviceExecutor>(_ => runtime.BuildServiceProvider().GetRequiredService<IDeviceExecutor>());
    }
}
