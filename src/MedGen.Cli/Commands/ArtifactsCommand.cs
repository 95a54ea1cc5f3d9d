using System.CommandLine;
using MedGen.Cli.Connections;
using MedGen.Cli.Output;
using MedGen.Protos.V1;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen artifacts upload|download|get|delete</c>.</summary>
internal static class ArtifactsCommand
{
    public static Command Create() => new("artifacts", "Files in a host's store.")
    {
        Make("upload", "Uploads a file.", "file", null, (host, file, _, token) => host.Client.Artifacts.UploadAsync(file, cancellationToken: token)),
        Make("download", "Downloads a file; it appears only when it is whole.", "artifact", "Where to write; default: the file's own name.", DownloadAsync),
        Make("get", "Shows what is known of a file.", "artifact", null, (host, id, _, token) => host.Client.Artifacts.GetAsync(id, token)),
        Make("delete", "Removes a file.", "artifact", null, DeleteAsync),
    };

    private static Command Make(
        string name, string description, string argumentName, string? outDescription, Func<HostConnection, string, string?, CancellationToken, Task<Artifact>> run)
    {
        ConnectionOptions connection = new();
        Argument<string> argument = new(argumentName);
        Option<string?> output = new("--out") { Description = outDescription };
        Command command = new(name, description) { argument };
        if (outDescription is not null)
        {
            command.Options.Add(output);
        }

        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using HostConnection host = await connection.ConnectAsync(parsed, keepsData: true, cancellationToken);
            Artifact artifact = await run(host, parsed.GetRequiredValue(argument), outDescription is null ? null : parsed.GetValue(output), cancellationToken);
            if (parsed.GetValue(connection.Json))
            {
                Console.Out.WriteLine(Google.Protobuf.JsonFormatter.Default.Format(artifact));
            }
            else
            {
                Terminal.Line($"{artifact.ArtifactId}  {artifact.Name}  {artifact.SizeBytes} bytes  {artifact.MediaType}  {(artifact.Synthetic ? "synthetic  " : "")}{artifact.Sha256}");
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static async Task<Artifact> DownloadAsync(HostConnection host, string id, string? output, CancellationToken cancellationToken)
    {
        // The name comes from whoever uploaded; only its last part is used, so it cannot lead out of this folder.
        string path = OutputFile.Prepare(output ?? Path.GetFileName((await host.Client.Artifacts.GetAsync(id, cancellationToken)).Name));
        return await host.Client.Artifacts.DownloadAsync(id, path, cancellationToken: cancellationToken);
    }

    private static async Task<Artifact> DeleteAsync(HostConnection host, string id, string? output, CancellationToken cancellationToken)
    {
        Artifact artifact = await host.Client.Artifacts.GetAsync(id, cancellationToken);
        await host.Client.Artifacts.DeleteAsync(id, cancellationToken);
        return artifact;
    }
}
