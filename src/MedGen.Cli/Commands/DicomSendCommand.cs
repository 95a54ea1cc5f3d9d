using System.CommandLine;
using System.Globalization;
using MedGen.Cli.Dicom;
using MedGen.Cli.Output;
using MedGen.Dicom.Dimse;
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
        Option<string?> peer = new("--peer") { Description = "HOST:PORT of a DIMSE peer (C-STORE by DCMTK's storescu), in the place of --server." };
        Option<string> called = new("--call") { Description = "Title of the peer's application entity.", DefaultValueFactory = _ => "ANY-SCP" };
        Option<string> title = new("--aet") { Description = "Title of our application entity.", DefaultValueFactory = _ => "MEDGEN" };
        Command send = new(
            "send", "Stores files at a DICOMweb server (STOW-RS) and asks it whether it has them; what it has already is not sent again. Or at a "
                + "DIMSE peer (--peer). Exit code 1: some were refused.")
        {
            paths, peer, called, title,
        };
        archive.AddTo(send, isRequired: false);
        send.Validators.Add(result =>
        {
            if ((result.GetResult(archive.Server) is null) == (result.GetResult(peer) is null))
            {
                result.AddError("one of --server and --peer is needed.");
            }
        });
        send.SetAction(async (parsed, cancellationToken) =>
        {
            IReadOnlyList<string> files = await DicomCommand.DicomFilesAsync(parsed.GetRequiredValue(paths), cancellationToken);
            using DicomWebClient? client = parsed.GetValue(peer) is null ? archive.Connect(parsed) : null;
            (string host, int port) = parsed.GetValue(peer) is { } address ? Split(address) : ("", 0);
            (int sent, int there, int refused) = (0, 0, 0);
            foreach (string file in files)
            {
                try
                {
                    bool isNew = true;
                    if (client is not null)
                    {
                        isNew = await client.StoreAsync(file, cancellationToken);
                    }
                    else
                    {
                        await StoreSender.SendAsync(
                            file, host, port, parsed.GetRequiredValue(called), parsed.GetRequiredValue(title), cancellationToken);
                    }

                    (sent, there) = isNew ? (sent + 1, there) : (sent, there + 1);
                }
                catch (Exception error) when (error is FailedPreconditionException { Reason: not "DCMTK_MISSING" } or MediaException)
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

    private static (string Host, int Port) Split(string address)
    {
        int colon = address.LastIndexOf(':');
        return colon > 0 && int.TryParse(address[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            && port is > 0 and < 65_536
            ? (address[..colon].Trim('[', ']'), port)
            : throw new InvalidInputException("--peer", $"got '{address}'; HOST:PORT is allowed, for instance pacs:104.");
    }
}
