using System.CommandLine;
using MedGen.Cli.Connections;
using MedGen.Cli.Output;
using MedGen.Protos.V1;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen artifacts upload|download|get|list|delete|hold|release|erase</c>.</summary>
internal static class ArtifactsCommand
{
    public static Command Create() => new("artifacts", "Files in a host's store.")
    {
        Make(
            "upload", "Uploads a file.", "file", ("--patient", "Pseudonym of the patient whose it is; never a name or a hospital's number."),
            DataUse.Work, (host, file, patient, token) => host.Client.Artifacts.UploadAsync(file, patient: patient, cancellationToken: token)),
        Make(
            "download", "Downloads a file; it appears only when it is whole.", "artifact", ("--out", "Where to write; default: the file's own name."),
            DataUse.Work, DownloadAsync),
        Make("get", "Shows what is known of a file.", "artifact", null, DataUse.Look, (host, id, _, token) =>
            host.Client.Artifacts.GetAsync(id, token)),
        ArtifactListCommand.Create(),
        Make("delete", "Removes a file.", "artifact", null, DataUse.Work, DeleteAsync),
        Make(
            "hold", "Puts a file under legal hold: nobody and no retention deletes it. For administrators.", "artifact",
            ("--reason", "Why, 1 to 200 characters, for instance a file number."), DataUse.Work, (host, id, reason, token) =>
                host.Client.Artifacts.HoldAsync(id, reason ?? "", token)),
        Make("release", "Lifts a file's legal hold. For administrators.", "artifact", null, DataUse.Work, (host, id, _, token) =>
            host.Client.Artifacts.ReleaseAsync(id, token)),
        ArtifactEraseCommand.Create(),
    };

    /// <summary>An artifact as people read it.</summary>
    public static string Describe(Artifact artifact)
    {
        string patient = artifact.PatientPseudonym.Length > 0 ? $"patient {artifact.PatientPseudonym}  " : "";
        string hold = artifact.Hold is { } by ? $"on hold since {by.At.ToDateTime():u}: {by.Reason}  " : "";
        return $"{artifact.ArtifactId}  {artifact.Name}  {artifact.SizeBytes} bytes  {artifact.MediaType}  "
            + $"{(artifact.Synthetic ? "synthetic  " : "")}{patient}{hold}{artifact.Sha256}";
    }

    private static Command Make(
        string name, string description, string argumentName, (string Name, string Description)? extra, DataUse use,
        Func<HostConnection, string, string?, CancellationToken, Task<Artifact>> run)
    {
        ConnectionOptions connection = new();
        Argument<string> argument = new(argumentName);
        Command command = new(name, description) { argument };
        Option<string?>? option = extra is { } described ? new(described.Name) { Description = described.Description } : null;
        if (option is not null)
        {
            command.Options.Add(option);
        }

        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using HostConnection host = await connection.ConnectAsync(parsed, use, cancellationToken);
            Artifact artifact = await run(
                host, parsed.GetRequiredValue(argument), option is null ? null : parsed.GetValue(option), cancellationToken);
            if (parsed.GetValue(connection.Json))
            {
                Console.Out.WriteLine(Google.Protobuf.JsonFormatter.Default.Format(artifact));
            }
            else
            {
                Terminal.Line(Describe(artifact));
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static async Task<Artifact> DownloadAsync(HostConnection host, string id, string? output, CancellationToken cancellationToken)
    {
        // The name comes from whoever uploaded; only its last part is used, so it cannot lead out of this folder.
        string path = OutputFile.Prepare(output ?? Path.GetFileName((await host.Client.Artifacts.GetAsync(id, cancellationToken)).Name));
        Artifact artifact = await host.Client.Artifacts.DownloadAsync(id, path, cancellationToken: cancellationToken);
        await ProvenanceSidecar.WriteAsync(artifact, path, cancellationToken);
        return artifact;
    }

    private static async Task<Artifact> DeleteAsync(HostConnection host, string id, string? output, CancellationToken cancellationToken)
    {
        Artifact artifact = await host.Client.Artifacts.GetAsync(id, cancellationToken);
        await host.Client.Artifacts.DeleteAsync(id, cancellationToken);
        return artifact;
    }
}
