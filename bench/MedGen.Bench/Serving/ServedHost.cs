using System.Diagnostics;
using System.Text.Json;
using MedGen.Client;

namespace MedGen.Bench.Serving;

/// <summary><c>medgen serve</c> in a process of its own, to be killed.</summary>
internal sealed class ServedHost : IDisposable
{
    private readonly Process _process;

    private ServedHost(Process process, Uri address)
    {
        _process = process;
        Address = address;
        Client = new MedGenClient(new MedGenClientOptions { Address = address });
    }

    public MedGenClient Client { get; }

    public Uri Address { get; }

    public int ProcessId => _process.Id;

    /// <summary>Memory of the process that is resident now.</summary>
    public double ResidentMebibytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1048576.0;
        }
    }

    /// <summary>Starts a host; completes when it serves.</summary>
    /// <param name="data">Its data folder.</param>
    /// <param name="checkpointInterval">Steps between two checkpoints.</param>
    /// <param name="config">A file with further settings; null: none.</param>
    /// <param name="grpcPort">Its port; 0: any that is free.</param>
    public static async Task<ServedHost> StartAsync(string data, int checkpointInterval, string? config = null, int grpcPort = 0)
    {
        string command = RepositoryFolder.Path("src", "MedGen.Cli", "bin", "Release", "net10.0", "medgen.dll");
        string[] arguments =
        [
            command, "serve", "--json", "--grpc-port", $"{grpcPort}", "--http-port", "0", "--data-dir", data, "--model", RepositoryFolder.Path("models", "medgen-mini"),
            "--checkpoint-interval", $"{checkpointInterval}", .. config is null ? [] : (string[])["--config", config],
        ];
        Process process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        string line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("medgen serve did not start; build it first with ./medgen --help.");
        using JsonDocument addresses = JsonDocument.Parse(line);
        return new ServedHost(process, new Uri(addresses.RootElement.GetProperty("grpc").GetString()!));
    }

    /// <summary>Ends the process as kill -9 does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
