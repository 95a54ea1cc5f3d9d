using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace MedGen.Cli.Tests;

/// <summary><c>medgen serve</c> as a service manager runs it.</summary>
public sealed class ServiceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-service-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact, Long]
    public async Task Serve_UnderSystemd_TellsWhenItIsReadyReloadsAndStops()
    {
        string config = Path.Combine(_folder, "medgen.json");
        await File.WriteAllTextAsync(config, Settings(maxQueued: 5), Token);
        using Socket socket = Listen();
        using Process process = Start(config);
        Task<string> log = process.StandardError.ReadToEndAsync(Token);

        (await NextAsync(socket)).ShouldBe("READY=1");
        (await NextAsync(socket)).ShouldBe("WATCHDOG=1");
        using JsonDocument addresses = JsonDocument.Parse((await process.StandardOutput.ReadLineAsync(Token))!);
        using HttpClient operators = new() { BaseAddress = new Uri(addresses.RootElement.GetProperty("operators").GetString()!) };
        (await operators.GetStringAsync("/readyz", Token)).ShouldStartWith("Healthy");

        // What it and its ffmpeg write, data sets included, is for its user only.
        (await File.ReadAllLinesAsync($"/proc/{process.Id}/status", Token)).ShouldContain("Umask:\t0077");

        await File.WriteAllTextAsync(config, Settings(maxQueued: 6, more: ", \"shutdown_timeout\": \"20s\""), Token);
        await SignalAsync(process, "HUP");
        (await NextAsync(socket)).ShouldBe("RELOADING=1");
        (await NextAsync(socket)).ShouldBe("READY=1");

        await File.WriteAllTextAsync(config, "{ \"colour\": 1 }", Token);
        await SignalAsync(process, "HUP");
        (await NextAsync(socket)).ShouldBe("RELOADING=1");
        (await NextAsync(socket)).ShouldBe("READY=1");

        await SignalAsync(process, "TERM");
        (await NextAsync(socket)).ShouldBe("STOPPING=1");
        await process.WaitForExitAsync(Token);
        process.ExitCode.ShouldBe(0, await log);
        string[] lines = (await log).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.ShouldContain("warning: changed settings that count at the next start: shutdown_timeout");
        lines.ShouldContain("warning: the settings were not read again: colour: is not a setting (" + config + "); 'medgen config keys' lists them.");
        JsonElement[] entries = [.. lines.Where(line => line.StartsWith('{')).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
        entries.ShouldNotBeEmpty();
        entries.ShouldAllBe(entry => entry.GetProperty("time").GetDateTimeOffset() > DateTimeOffset.UnixEpoch && entry.GetProperty("level").GetString()!.Length > 0);
    }

    [Fact]
    public async Task Unit_OfThePackage_IsAcceptedBySystemd()
    {
        string unit = Path.Combine(_folder, "medgen.service");
        string text = await File.ReadAllTextAsync(RepositoryRoot.Path("deploy", "medgen.service"), Token);
        await File.WriteAllTextAsync(unit, text.Replace("/usr/bin/medgen", "/usr/bin/true", StringComparison.Ordinal), Token);
        ProcessStartInfo start = new("systemd-analyze", ["verify", unit]) { RedirectStandardError = true, RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string said = await process.StandardError.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);

        said.Split('\n').Where(line => line.Contains("medgen.service", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private string Settings(int maxQueued, string more = "") =>
        $$"""
        {
          "data_folder": "{{Path.Combine(_folder, "data")}}", "listen": { "grpc_port": 0, "http_port": 0 }, "telemetry": { "port": 0 },
          "logging": { "format": "json" }, "jobs": { "max_queued_jobs": {{maxQueued}} }{{more}}
        }
        """;

    private Process Start(string config)
    {
        ProcessStartInfo start = MedGenCommand.StartInfo("serve", "--json", "--config", config);

        // Tests that run under nohup would hand down that SIGHUP is ignored.
        string[] command = [start.FileName, .. start.ArgumentList];
        start.FileName = "env";
        start.ArgumentList.Clear();
        start.ArgumentList.Add("--default-signal=HUP");
        foreach (string part in command)
        {
            start.ArgumentList.Add(part);
        }

        start.Environment["NOTIFY_SOCKET"] = Path.Combine(_folder, "notify");
        start.Environment["WATCHDOG_USEC"] = "3600000000";
        return Process.Start(start)!;
    }

    private Socket Listen()
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(_folder, "notify")));
        return socket;
    }

    private static async Task<string> NextAsync(Socket socket)
    {
        byte[] buffer = new byte[256];
        int length = await socket.ReceiveAsync(buffer, Token).AsTask().WaitAsync(TimeSpan.FromMinutes(2), Token);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    private static async Task SignalAsync(Process process, string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await kill.WaitForExitAsync(Token);
    }
}
