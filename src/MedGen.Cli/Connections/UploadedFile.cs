using MedGen.Client;
using MedGen.Protos.V1;

namespace MedGen.Cli.Connections;

/// <summary>
/// A file on the host for as long as one command needs it: no patient's clip stays there because its classification failed or was interrupted.
/// </summary>
internal sealed class UploadedFile : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HostConnection _host;
    private readonly string _file;

    private UploadedFile(HostConnection host, string file, Artifact artifact) => (_host, _file, Artifact) = (host, file, artifact);

    /// <summary>What the host knows of it.</summary>
    public Artifact Artifact { get; }

    /// <summary>Uploads a file.</summary>
    public static async Task<UploadedFile> CreateAsync(HostConnection host, string file, CancellationToken cancellationToken) =>
        new(host, file, await host.Client.Artifacts.UploadAsync(file, cancellationToken: cancellationToken));

    /// <summary>Deletes it, also when the command was cancelled. Where that cannot be done, standard error says what is left.</summary>
    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource patience = new(Patience);
        try
        {
            await _host.Client.Artifacts.DeleteAsync(Artifact.ArtifactId, patience.Token);
        }
        catch (Exception exception) when (exception is MedGenRpcException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"warning: {_file} is still on the host as {Artifact.ArtifactId}: {exception.Message}");
        }
    }
}
