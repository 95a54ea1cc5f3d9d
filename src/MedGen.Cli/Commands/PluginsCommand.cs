using System.CommandLine;
using MedGen.Cli.Connections;
using MedGen.Cli.Output;
using MedGen.PluginHost.Checks;
using MedGen.Protos.V1;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen plugins</c>: the plugins of a host, and <see cref="PackCommands"/>.</summary>
internal static class PluginsCommand
{
    public static Command Create() => new("plugins", "Installed plugins of a host.")
    {
        List(),
        Get(),
        Use(),
        One(
            "reload", "Loads the newest version from disk and switches to it; no request fails meanwhile.", DataUse.Work, (host, id, token) =>
                host.Client.Plugins.ReloadAsync(id, token)),
        One("enable", "Takes a disabled plugin into use again.", DataUse.Work, (host, id, token) => host.Client.Plugins.EnableAsync(id, token)),
        One("disable", "Takes a plugin out of use.", DataUse.Work, (host, id, token) => host.Client.Plugins.DisableAsync(id, token)),
        EraseData(),
        Check(),
        PackCommands.Pack(),
        PackCommands.Sign(),
        PackCommands.Verify(),
        InstallCommands.Install(),
        InstallCommands.Remove(),
        CatalogCommands.Create(),
    };

    private static Command List()
    {
        ConnectionOptions connection = new();
        Command command = new("list", "Lists all plugins found, including rejected ones.");
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using HostConnection host = await connection.ConnectAsync(parsed, DataUse.Look, cancellationToken);
            Write(await host.Client.Plugins.ListAsync(cancellationToken), parsed.GetValue(connection.Json));
            return ExitCode.Success;
        });
        return command;
    }

    private static Command Get()
    {
        ConnectionOptions connection = new();
        Argument<string> id = new("plugin");
        Command command = new("get", "Shows a plugin: where it stands, and what it takes, finds and can be told.") { id };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using HostConnection host = await connection.ConnectAsync(parsed, DataUse.Look, cancellationToken);
            Plugin plugin = await host.Client.Plugins.GetAsync(parsed.GetRequiredValue(id), cancellationToken);

            // Only an active plugin can say what it does; why another one cannot is in its reason.
            PluginDescription? description = plugin.State == PluginState.Active
                ? await host.Client.Plugins.DescribeAsync(plugin.PluginId, cancellationToken)
                : null;
            if (parsed.GetValue(connection.Json))
            {
                Write([plugin], json: true);
                Console.Out.WriteLine(Google.Protobuf.JsonFormatter.Default.Format(description ?? new PluginDescription()));
                return ExitCode.Success;
            }

            Write([plugin], json: false);
            PluginText.Write(plugin);
            foreach (AnalyzerDescription analyzer in description?.Analyzers ?? [])
            {
                PluginText.Write(analyzer);
            }

            if (description?.Generator is { } generator)
            {
                PluginText.Write(generator);
            }

            if (description?.Augmenter is { } augmenter)
            {
                PluginText.Write(augmenter);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static Command Use()
    {
        ConnectionOptions connection = new();
        Argument<string> capability = new("capability")
        {
            Description = "What it shall serve: generation, augmentation, or analysis/TASK, such as analysis/imaging-modality.",
        };
        Argument<string?> id = new("plugin") { Description = "Id of an active plugin that offers it.", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> none = new("--default") { Description = "Undo an earlier choice: the platform's own plugin serves again." };
        Command command = new(
            "use", "Chooses the plugin that serves a capability when a request names none. Stored in the data folder.") { capability, id, none };
        command.Validators.Add(result =>
        {
            if (result.GetValue(id) is null != result.GetValue(none))
            {
                result.AddError("Give either a plugin or --default.");
            }
        });
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using HostConnection host = await connection.ConnectAsync(parsed, DataUse.Work, cancellationToken);
            string[] parts = parsed.GetRequiredValue(capability).Split('/', 2);
            Write(
                await host.Client.Plugins.UseAsync(parts[0], parts.ElementAtOrDefault(1), parsed.GetValue(id), cancellationToken),
                parsed.GetValue(connection.Json));
            return ExitCode.Success;
        });
        return command;
    }

    private static Command One(string name, string description, DataUse use, Func<HostConnection, string, CancellationToken, Task<Plugin>> run)
    {
        ConnectionOptions connection = new();
        Argument<string> id = new("plugin");
        Command command = new(name, description) { id };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using HostConnection host = await connection.ConnectAsync(parsed, use, cancellationToken);
            Write([await run(host, parsed.GetRequiredValue(id), cancellationToken)], parsed.GetValue(connection.Json));
            return ExitCode.Success;
        });
        return command;
    }

    private static Command EraseData()
    {
        ConnectionOptions connection = new();
        Argument<string> id = new("plugin") { Description = "Id of a plugin that is turned off, or not installed any more." };
        Command command = new("erase-data", "Removes what a plugin keeps in its data folder. It cannot be brought back.") { id };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using HostConnection host = await connection.ConnectAsync(parsed, DataUse.Work, cancellationToken);
            long bytes = await host.Client.Plugins.EraseDataAsync(parsed.GetRequiredValue(id), cancellationToken);
            if (parsed.GetValue(connection.Json))
            {
                JsonLines.Write(new { bytes });
            }
            else
            {
                Terminal.Line($"{bytes} bytes removed");
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static Command Check()
    {
        Argument<string> folder = new("folder") { Description = "A plugin's version folder, <id>/<version>." };
        Option<string?> settings = PluginCheck.SettingsOption();
        Option<bool> json = JsonOption.Create();
        Command command = new(
            "check",
            "For vendors: runs all of the host's checks on a folder, loads the plugin, runs its self-test, calls it as the SDK's tests do, unloads "
                + "it. Exit code 1: it would be rejected, or breaks its contract.") { folder, settings, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            PluginCheckResult result = await PluginCheck.RunAsync(
                parsed.GetRequiredValue(folder), parsed.GetValue(settings), cancellationToken);
            PluginCheck.Write(result.Findings, parsed.GetValue(json));
            return result.Passed ? ExitCode.Success : ExitCode.Negative;
        });
        return command;
    }

    private static void Write(IReadOnlyList<Plugin> plugins, bool json)
    {
        if (json)
        {
            foreach (Plugin plugin in plugins)
            {
                Console.Out.WriteLine(Google.Protobuf.JsonFormatter.Default.Format(plugin));
            }

            return;
        }

        Terminal.Table(
            ["plugin", "version", "state", "serves", "publisher", "reason"],
            plugins.Select(
                plugin => (
                    IReadOnlyList<string>)[plugin.PluginId, plugin.Version, plugin.State.ToString(), string.Join(
                        " ", plugin.DefaultFor), plugin.Publisher, plugin.Reason]));
    }
}
