using System.CommandLine;
using MedGen.Cli.Connections;
using MedGen.Cli.Output;
using MedGen.Host;
using MedGen.Host.Configuration;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen config</c>: which settings there are, which are in force, and whether they are right.</summary>
internal static class ConfigCommand
{
    public static Command Create() => new("config", "Lists, shows and checks the settings of 'medgen serve'.") { Keys(), Show(), Check() };

    private static Command Keys()
    {
        Option<bool> json = JsonOption.Create();
        Command command = new("keys", "Lists every setting with its default and what is allowed.") { json };
        command.SetAction(parsed =>
        {
            IReadOnlyDictionary<string, IReadOnlyList<string>> none = new Dictionary<string, IReadOnlyList<string>>();
            IReadOnlyList<EffectiveSetting> settings = HostConfiguration.Load(null, new Dictionary<string, string>(), none, none).Settings;
            if (parsed.GetValue(json))
            {
                settings.ToList().ForEach(setting => JsonLines.Write(
                    new { setting.Key, Default = setting.Value, setting.Allowed, Reload = setting.IsReloadable }));
            }
            else
            {
                Terminal.Table(
                    ["setting", "default", "allowed", "reload"],
                    settings.Select(setting => (string[])[setting.Key, setting.Value, setting.Allowed, setting.IsReloadable ? "yes" : ""]));
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static Command Show()
    {
        Option<string?> file = new("--config") { Description = "The file that 'medgen serve' would be given." };
        Option<bool> json = JsonOption.Create();
        Command command = new("show", "Shows the value of every setting and where it came from: file, environment or default. Secrets are hidden.")
        {
            file, json,
        };
        command.SetAction(parsed =>
        {
            IReadOnlyList<EffectiveSetting> settings = ServeSettings.Load(parsed.GetValue(file)).Settings;
            if (parsed.GetValue(json))
            {
                settings.ToList().ForEach(setting => JsonLines.Write(new { setting.Key, setting.Value, setting.Source }));
            }
            else
            {
                Terminal.Table(["setting", "value", "source"], settings.Select(setting => (string[])[setting.Key, setting.Value, setting.Source]));
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static Command Check()
    {
        Argument<string> file = new("file") { Description = "The configuration file." };
        Command command = new("check", "Checks a file, together with the environment, as a start would. Exit code 3 names all that is wrong.")
        {
            file,
        };
        command.SetAction(parsed =>
        {
            MedGenHostOptions options = ServeSettings.Load(parsed.GetRequiredValue(file)).Options;
            MedGenHost.Check(options);
            MedGenHost.Warnings(options).ToList().ForEach(Terminal.Warning);
            Terminal.Line("The settings are right.");
            return ExitCode.Success;
        });
        return command;
    }
}
