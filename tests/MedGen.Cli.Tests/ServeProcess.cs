using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace MedGen.Cli.Tests;

/// <summary>A running <c>medgen serve</c>, as its users run it.</summary>
internal sealed class ServeProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _log;

    private ServeProcess(Process process, Task<string> log, Uri grpc, Uri http)
    {
        _process = process;
        _log = log;
        Grpc = grpc;
        Http = http;
    }

    public Uri Grpc { get; }

    public Uri Http { get; }

    /// <summary>Starts a host; completes when it serves.</summary>
    public static async Task<ServeProcess> StartAsync(string dataFolder, string? plugins = null, int grpcPort = 0, string? config = null)
    {
        string[] folder = [.. plugins is null ? [] : (string[])["--plugins", plugins], .. config is null ? [] : (string[])["--config", config]];
        Process process = MedGenCommand.Start(
            ["serve", "--json", "--data-dir", dataFolder, "--grpc-port", $"{grpcPort}", "--http-port", "0", .. folder]);
        Task<string> log = process.StandardError.ReadToEndAsync(CancellationToken.None);
        string? line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        if (line is null)
        {
            using (process)
            {
                throw new InvalidOperationException($"medgen serve did not start: {await log}");
            }
        }

        using JsonDocument addresses = JsonDocument.Parse(line);
        return new ServeProcess(process, log, Address("grpc"), Address("http"));

        Uri Address(string name) => new(addresses.RootElement.GetProperty(name).GetString()!);
    }

    /// <summary>The most memory that it has had resident so far, in MB (10^6 bytes).</summary>
    public long MostResidentMegabytes()
    {
        string line = File.ReadLines($"/proc/{_process.Id}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024 / 1_000_000;
    }

    /// <summary>Ends it as the kernel does when memory is short: SIGKILL, nothing of its own runs any more.</summary>
    /// <returns>Its log.</returns>
    public async Task<string> KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        return await _log;
    }

    /// <summary>Waits until it has ended by itself.</summary>
    /// <returns>Its log.</returns>
    public async Task<string> ExitedAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return await _log;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }
}
