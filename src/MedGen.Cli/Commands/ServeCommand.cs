using System.CommandLine;
using System.Runtime.InteropServices;
using MedGen.Cli.Connections;
using MedGen.Cli.Output;
using MedGen.Host;
using MedGen.Host.Configuration;
using MedGen.Host.Logging;
using Microsoft.Extensions.Hosting.Systemd;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen serve</c>: runs a host until it is told to stop.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        ServeSettings settings = new();
        Option<bool> json = new("--json") { Description = "Print one JSON object with the addresses on standard output once the host is ready." };
        Command command = new(
            "serve",
            "Runs a host until Ctrl+C or SIGTERM; running jobs then stop at their next step and continue at the next start. SIGHUP: read settings.");
        settings.AddTo(command);
        command.Options.Add(json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                return await RunAsync(() => settings.Load(parsed), parsed.GetValue(json), cancellationToken);
            }
            catch (OperationCanceledException)
            {
                // Told to stop while it started. The server hears the signal, too, and may be the first to end.
                return ExitCode.Success;
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(Func<HostConfiguration> load, bool json, CancellationToken cancellationToken)
    {
        // What the host and its ffmpeg write, data sets included, is for this user only.
        PrivateFiles.UseFromNowOn();
        HostConfiguration configuration = load();
        MedGenHostOptions options = configuration.Options;
        await using MedGenHost host = MedGenHost.Build(PluginWorkerCommand.Lend(options), builder => builder.Logging.AddHostLog(options.Logging));
        using SystemdService systemd = new();
        using PosixSignalRegistration reload = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            systemd.Notify(SystemdService.Reloading);
            configuration = Reload(host, configuration, load);
            systemd.Notify(ServiceState.Ready);
        });
        await host.StartAsync(cancellationToken);
        if (json)
        {
            JsonLines.Write(new { grpc = host.Endpoints.Grpc, http = host.Endpoints.Http, operators = host.Endpoints.Operators });
        }
        else
        {
            Terminal.Line($"MedGen host serves gRPC at {host.Endpoints.Grpc} and HTTP at {host.Endpoints.Http}. Ctrl+C stops it.");
        }

        systemd.Notify(ServiceState.Ready);
        systemd.StartWatchdog();
        TaskCompletionSource stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (cancellationToken.Register(stop.SetResult))
        {
            await stop.Task;
        }

        systemd.Notify(ServiceState.Stopping);
        await host.StopAsync(CancellationToken.None);
        return ExitCode.Success;
    }

    // A file that became wrong changes nothing: the host serves on with what it has.
    private static HostConfiguration Reload(MedGenHost host, HostConfiguration before, Func<HostConfiguration> load)
    {
        try
        {
            HostConfiguration now = load();
            host.Apply(now.Options);
            string[] later = [.. before.ChangesTo(now).Where(setting => !setting.IsReloadable).Select(setting => setting.Key)];
            if (later.Length > 0)
            {
                Terminal.Warning($"changed settings that count at the next start: {string.Join(", ", later)}");
            }

            return now;
        }
        catch (Exception error) when (ErrorReport.Describe(error).Code != ExitCode.Internal)
        {
            Terminal.Warning($"the settings were not read again: {ErrorReport.Describe(error).Message}");
            return before;
        }
    }
}
