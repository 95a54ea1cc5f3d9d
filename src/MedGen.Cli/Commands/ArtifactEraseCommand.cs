using System.CommandLine;
using MedGen.Cli.Connections;
using MedGen.Cli.Output;
using MedGen.Protos.V1;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen artifacts erase</c>.</summary>
internal static class ArtifactEraseCommand
{
    public static Command Create()
    {
        ConnectionOptions connection = new();
        Option<string?> artifact = new("--artifact") { Description = "This file." };
        Option<string?> owner = new("--owner") { Description = "Everything of this caller." };
        Option<string?> patient = new("--patient") { Description = "Everything of this patient, by pseudonym." };
        Option<bool> dryRun = new("--dry-run") { Description = "Say what would be erased, and change nothing." };
        Option<string?> receipt = new("--receipt") { Description = "JSON file for the receipt, which the host keeps as well." };
        Command command = new(
            "erase", "Erases files with all that was derived from them: what jobs have made of them, and these jobs with prompts, events and "
                + "checkpoints. For administrators. Exit code 1: something was kept, because it is on hold or in use.")
        {
            artifact, owner, patient, dryRun, receipt,
        };
        command.Validators.Add(result =>
        {
            if (new[] { artifact, owner, patient }.Count(option => result.GetValue(option) is not null) != 1)
            {
                result.AddError("One of --artifact, --owner and --patient is needed.");
            }
        });
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            EraseArtifactsRequest request = new() { DryRun = parsed.GetValue(dryRun) };
            if (parsed.GetValue(artifact) is { } id)
            {
                request.ArtifactId = id;
            }
            else if (parsed.GetValue(owner) is { } name)
            {
                request.Owner = name;
            }
            else
            {
                request.PatientPseudonym = parsed.GetRequiredValue(patient)!;
            }

            string? file = parsed.GetValue(receipt) is { } path ? OutputFile.Prepare(path) : null;
            await using HostConnection host = await connection.ConnectAsync(parsed, DataUse.Work, cancellationToken);
            ErasureReceipt answer = await host.Client.Artifacts.EraseAsync(request, cancellationToken);
            if (file is not null)
            {
                await File.WriteAllTextAsync(file, Google.Protobuf.JsonFormatter.Default.Format(answer) + "\n", CancellationToken.None);
            }

            Write(answer, parsed.GetValue(connection.Json));
            return answer.Kept.Count == 0 ? ExitCode.Success : ExitCode.Negative;
        });
        return command;
    }

    private static void Write(ErasureReceipt receipt, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(Google.Protobuf.JsonFormatter.Default.Format(receipt));
            return;
        }

        string done = receipt.DryRun ? "would be erased" : "erased";
        foreach (ErasedArtifact artifact in receipt.Artifacts)
        {
            string stays = artifact.ContentStays ? "  the content stays: another file has it, too" : "";
            Terminal.Line($"{done}: artifact {artifact.ArtifactId}  {artifact.Kind}  {artifact.SizeBytes} bytes  {artifact.Sha256}{stays}");
        }

        foreach (string job in receipt.JobIds)
        {
            Terminal.Line($"{done}: job {job}");
        }

        foreach (KeptThing kept in receipt.Kept)
        {
            Terminal.Line($"kept: {kept.Thing}  {kept.Reason}");
        }

        foreach (string cache in receipt.Emptied)
        {
            Terminal.Line($"{done}: {cache}, all of them");
        }

        foreach (KeptThing thing in receipt.NotReached)
        {
            Terminal.Line($"not reached: {thing.Thing}  {thing.Reason}");
        }

        Terminal.Line($"{receipt.Artifacts.Count} files and {receipt.JobIds.Count} jobs {done}; receipt {receipt.ErasureId}.");
    }
}
