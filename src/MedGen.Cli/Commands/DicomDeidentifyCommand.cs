using System.CommandLine;
using MedGen.Cli.Dicom;
using MedGen.Cli.Output;
using MedGen.Dicom.Deidentification;
using MedGen.Sdk.Errors;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen dicom deidentify IN OUT</c>.</summary>
internal static class DicomDeidentifyCommand
{
    public static Command Create()
    {
        Argument<string> source = new("in") { Description = "A DICOM file, or a folder of them." };
        Argument<string> target = new("out") { Description = "Folder to write, which must not exist." };
        Option<string?> profile = new("--profile") { Description = "JSON with the options (docs/dicom.md); default: the Basic Profile alone." };
        Option<string?> key = new("--key")
        {
            Description = "File with a secret of at least 16 bytes, from which stand-ins follow: the same in every run with it. "
                + "Default: a new one for this run.",
        };
        Option<bool> json = JsonOption.Create();
        Command command = new(
            "deidentify", "Writes copies without what tells who the patient is (PS3.15 Basic Profile), with a report. "
                + "Exit code 1: a file was refused.")
        {
            source, target, profile, key, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            DeidentificationProfile options = parsed.GetValue(profile) is { } file
                ? DeidentificationProfile.Parse(await File.ReadAllBytesAsync(file, cancellationToken))
                : new DeidentificationProfile();
            if (options.Dates == DateHandling.Shift && parsed.GetValue(key) is null)
            {
                throw new InvalidInputException("--key", "is missing; dates that are shifted need one that is kept.");
            }

            DeidentificationKey secret = parsed.GetValue(key) is { } kept
                ? DeidentificationKey.Of(await File.ReadAllBytesAsync(kept, cancellationToken))
                : DeidentificationKey.New();
            DeidentificationRun run = new(new Deidentifier(options, secret));
            DeidentificationSummary summary = await run.RunAsync(
                await DicomCommand.DicomFilesAsync([parsed.GetRequiredValue(source)], cancellationToken),
                parsed.GetRequiredValue(target), cancellationToken);
            Write(summary, parsed.GetValue(json));
            return summary.Refused.Count == 0 ? ExitCode.Success : ExitCode.Negative;
        });
        return command;
    }

    private static void Write(DeidentificationSummary summary, bool json)
    {
        if (json)
        {
            JsonLines.Write(summary);
            return;
        }

        foreach (DeidentifiedStudy study in summary.Studies)
        {
            Terminal.Line($"{study.Study}: {study.Objects} objects; {string.Join(", ", study.Elements.Select(one => $"{one.Value} {one.Key}"))}"
                + (study.BlankedPixels > 0 ? $"; up to {study.BlankedPixels} pixels of a frame blanked" : ""));
            foreach (string flag in study.Flags)
            {
                Terminal.Warning(flag);
            }
        }

        foreach (string refused in summary.Refused)
        {
            Terminal.Warning($"not written: {refused}");
        }

        Terminal.Line($"{summary.Studies.Sum(study => study.Objects)} objects in {summary.Folder}");
    }
}
