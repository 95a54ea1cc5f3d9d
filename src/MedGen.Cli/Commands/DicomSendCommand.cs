using System.CommandLine;
using MedGen.Cli.Dicom;
using MedGen.Cli.Output;
using MedGen.Dicom.Web;
using MedGen.Sdk.Errors;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen dicom send FILES --server URL</c>.</summary>
internal static class DicomSendCommand
{
    public static Command Create()
    {
        ArchiveOptions archive = new();
        Argument<string[]> paths = new("paths") { Description = "DICOM files, or folders of them.", Arity = ArgumentArity.OneOrMore };
        Command send = new(
            "send", "Stores files at a DICOMweb server (STOW-RS) and asks it whether it has them. What it has already is not sent again. "
                + "Exit code 1: it refuses some.")
        {
            paths,
        };
        archive.AddTo(send);
        send.SetAction(async (parsed, cancellationToken) =>
        {
            IReadOnlyList<string> files = await DicomCommand.DicomFilesAsync(parsed.GetRequiredValue(paths), cancellationToken);
            using DicomWebClient client = archive.Connect(parsed);
            (int sent, int there, int refused) = (0, 0, 0);
            foreach (string file in files)
            {
                try
                {
                    bool isNew = await client.StoreAsync(file, cancellationToken);
                    (sent, there) = isNew ? (sent + 1, there) : (sent, there + 1);
                }
                catch (Exception error) when (error is FailedPreconditionException or MediaException)
                {
                    refused++;
                    Terminal.Warning($"{Path.GetFileName(file)}: {error.Message}");
                }
            }

            Terminal.Line($"{sent} sent, {there} there already, {refused} refused");
            return refused == 0 ? ExitCode.Success : ExitCode.Negative;
        });
        return send;
    }
}
