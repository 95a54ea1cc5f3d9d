using System.CommandLine;
using System.Globalization;
using MedGen.Application.Cluster;
using MedGen.Cli.Connections;
using MedGen.Cli.Output;
using MedGen.Cluster;
using MedGen.Cluster.Hosts;
using MedGen.Sdk.Errors;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen cluster status|drain</c>: the hosts of a cluster, asked over its NATS servers.</summary>
internal static class ClusterCommand
{
    private static readonly Option<string?> Config =
        new("--config") { Description = "JSON file of settings, as of 'medgen serve': its cluster part." };

    private static readonly Option<string?> Servers =
        new("--cluster") { Description = "NATS servers, tls://HOST:PORT with commas between; default: those of the settings." };

    public static Command Create() => new("cluster", "Shows and drains the hosts of a cluster (docs/scale-out.md).") { Status(), Drain() };

    private static Command Status()
    {
        Option<bool> json = JsonOption.Create();
        Option<double> wait = new("--wait") { Description = "Seconds to listen to the hosts. Default 3.", DefaultValueFactory = _ => 3 };
        Command command = new("status", "Lists the hosts that are heard of.") { Config, Servers, wait, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            IReadOnlyList<PeerHost> hosts =
                await ClusterView.ReadAsync(Read(parsed), TimeSpan.FromSeconds(parsed.GetValue(wait)), cancellationToken);
            if (parsed.GetValue(json))
            {
                JsonLines.Write(new { hosts });
                return ExitCode.Success;
            }

            foreach (PeerHost host in hosts)
            {
                string role = (host.TakesRequests, host.RunsJobs) switch { (true, true) => "both", (true, false) => "front", _ => "worker" };
                string device = host.DeviceClass is null ? "" : $", {host.DeviceClass}";
                string draining = (host.IsDraining ? ", draining" : "") + (host.IsWithoutRecords ? ", without records" : "");
                Terminal.Line($"{host.Name}  {role}{device}, {host.Jobs} jobs{draining}, version {host.Version}, {host.Id}{Ability(host.Ability)}");
            }

            Terminal.Line($"{hosts.Count} hosts.");
            return ExitCode.Success;
        });
        return command;
    }

    private static string Ability(HostAbility? ability) => ability?.Model is not { } model ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $"\n    {model} on {ability.Device}, {ability.DataType}, {ability.FreeBytes >> 20} of {ability.RoomBytes >> 20} MiB free"
            + $"{(ability.StepSeconds is { } step ? $", {step:0.###} s a step" : "")}"
            + $"{(ability.WarmAdapters.Count == 0 ? "" : $", loaded: {string.Join(", ", ability.WarmAdapters)}")}");

    private static Command Drain()
    {
        Argument<string> name = new("host") { Description = "Name or id, as 'status' shows it." };
        Command command = new("drain", "Tells a host to begin no job any more, until it is started again, and waits until it has none.")
        {
            name, Config, Servers,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string host = parsed.GetRequiredValue(name);
            int before = -1;
            await ClusterView.DrainAsync(Read(parsed), host, Tell, cancellationToken);
            Terminal.Line($"{host} has no job and begins none.");
            return ExitCode.Success;

            void Tell(int jobs)
            {
                if (jobs != before && jobs > 0)
                {
                    Terminal.Line($"{host} drains; {jobs} jobs are left.");
                }

                before = jobs;
            }
        });
        return command;
    }

    private static ClusterOptions Read(ParseResult parsed)
    {
        ClusterOptions options = ServeSettings.Load(parsed.GetValue(Config)).Options.Cluster;
        options = parsed.GetValue(Servers) is { } servers ? options with { Servers = servers } : options;
        Violations violations = new();
        violations.Require(options.Servers is not null, "cluster.servers", $"got none", $"the servers of a cluster, by --cluster or --config");
        options.Check(violations);
        violations.ThrowIfAny();
        return options;
    }
}
