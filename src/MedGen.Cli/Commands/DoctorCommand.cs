using System.CommandLine;
using MedGen.Cli.Connections;
using MedGen.Cli.Doctor;
using MedGen.Cli.Output;
using MedGen.Sandbox;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen doctor</c>: is everything here that the platform needs?</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        Option<string> dataDir = new("--data-dir") { Description = "Data folder to check.", DefaultValueFactory = _ => DefaultFolders.Data };
        Option<string?> model = new("--model") { Description = "Model folder to check, in addition to those shipped with the command." };
        Option<bool> json = JsonOption.Create();
        Command command = new(
            "doctor",
            "Checks runtime, libraries, ffmpeg and its sandbox, devices, memory, disk, models and plugins. Exit code 1: something must be fixed.")
        {
            dataDir, model, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            List<CheckResult> results =
            [
                SystemChecks.Runtime(),
                .. TorchChecks.All(),
                SystemChecks.CppLibrary(),
                await ToolChecks.ProgramAsync("ffmpeg", cancellationToken),
                await ToolChecks.ProgramAsync("ffprobe", cancellationToken),
                ToolChecks.DicomDecoder(),
                await ToolChecks.SandboxAsync(cancellationToken),
                ToolChecks.Workers(ProcessSandbox.For(SandboxMode.Auto).Report),
                SystemChecks.Memory(),
                SystemChecks.Disk(parsed.GetRequiredValue(dataDir)),
                .. FolderChecks.Models(parsed.GetValue(model)),
                .. FolderChecks.Plugins(DefaultFolders.Plugins),
            ];
            foreach (CheckResult result in results)
            {
                Write(result, parsed.GetValue(json));
            }

            return results.Any(result => result.Status == CheckStatus.Failed) ? ExitCode.Negative : ExitCode.Success;
        });
        return command;
    }

    private static void Write(CheckResult result, bool json)
    {
        if (json)
        {
            JsonLines.Write(result);
            return;
        }

        string mark = result.Status switch { CheckStatus.Ok => "ok     ", CheckStatus.Warning => "warning", _ => "FAILED " };
        string cure = result.Cure is null ? "" : $" -> {result.Cure}";
        Terminal.Line($"{mark}  {result.Check,-12} {result.Message}{cure}");
    }
}
