using System.Diagnostics;
using System.Globalization;
using MedGen.Dicom.DataSets;
using MedGen.Sandbox;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.Dimse;

/// <summary>Sends instances by C-STORE: DCMTK's storescu in the sandbox, a run for each file, in the transfer syntax that the file has.</summary>
public static class StoreSender
{
    private static readonly string[] NameFiles = ["/etc/hosts", "/etc/resolv.conf", "/etc/nsswitch.conf"];

    private const long AddressSpace = 2L << 30;
    private const int CpuSeconds = 3600;

    // What storescu has to be told to propose beside the uncompressed ones.
    private static readonly Dictionary<string, string> Proposals = new(StringComparer.Ordinal)
    {
        ["1.2.840.10008.1.2"] = "--propose-uncompr",
        ["1.2.840.10008.1.2.1"] = "--propose-uncompr",
        ["1.2.840.10008.1.2.2"] = "--propose-uncompr",
        ["1.2.840.10008.1.2.1.99"] = "--propose-deflated",
        ["1.2.840.10008.1.2.5"] = "--propose-rle",
        ["1.2.840.10008.1.2.4.50"] = "--propose-jpeg8",
        ["1.2.840.10008.1.2.4.51"] = "--propose-jpeg12",
        ["1.2.840.10008.1.2.4.70"] = "--propose-lossless",
        ["1.2.840.10008.1.2.4.80"] = "--propose-jls-lossless",
        ["1.2.840.10008.1.2.4.81"] = "--propose-jls-lossy",
        ["1.2.840.10008.1.2.4.90"] = "--propose-j2k-lossless",
        ["1.2.840.10008.1.2.4.91"] = "--propose-j2k-lossy",
        ["1.2.840.10008.1.2.4.100"] = "--propose-mpeg2",
        ["1.2.840.10008.1.2.4.101"] = "--propose-mpeg2-high",
        ["1.2.840.10008.1.2.4.102"] = "--propose-mpeg4",
        ["1.2.840.10008.1.2.4.103"] = "--propose-mpeg4-bd",
        ["1.2.840.10008.1.2.4.104"] = "--propose-mpeg4-2-2d",
        ["1.2.840.10008.1.2.4.107"] = "--propose-hevc",
        ["1.2.840.10008.1.2.4.108"] = "--propose-hevc10",
    };

    /// <summary>Sends a file.</summary>
    /// <param name="path">A DICOM file.</param>
    /// <param name="host">Name or address of the peer's machine.</param>
    /// <param name="port">Its port.</param>
    /// <param name="peer">Title of the peer's application entity.</param>
    /// <param name="title">Title of ours.</param>
    /// <param name="cancellationToken">Stops; whether the peer has it is not known then.</param>
    /// <exception cref="MediaException">It is no DICOM file, or of a transfer syntax that is not sent.</exception>
    /// <exception cref="UnavailableException">The peer cannot be reached, or did not take it (<c>PEER_REFUSED</c>).</exception>
    public static async Task SendAsync(string path, string host, int port, string peer, string title, CancellationToken cancellationToken)
    {
        DimseTools.RequireTitle("peer", peer);
        DimseTools.RequireTitle("aet", title);
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown || host.StartsWith('-'))
        {
            throw new InvalidInputException("host", "got another text; the name or the address of a machine is allowed.");
        }

        string full = Path.GetFullPath(path);
        string proposal = ProposalOf(full);
        using Process process = ProcessSandbox.For(SandboxMode.Auto).Start(new SandboxedCommand
        {
            Program = DimseTools.Find("storescu"),
            Arguments =
            [
                "--quiet", "--required", proposal, "--aetitle", title, "--call",
                    peer, "--timeout", "30", "--acse-timeout", "30", "--dimse-timeout", "300",
                host, port.ToString(CultureInfo.InvariantCulture), full,
            ],
            Readable = [full, .. NameFiles.Where(File.Exists)],
            NeedsNetwork = true,
            Limits = new SandboxLimits { AddressSpaceBytes = AddressSpace, CpuSeconds = CpuSeconds },
        });
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await Task.WhenAll(output, errors, process.WaitForExitAsync(cancellationToken)).ConfigureAwait(false);
        }
        finally
        {
            ProcessTree.Kill(process);
        }

        if (process.ExitCode != 0)
        {
            throw new UnavailableException(
                "PEER_REFUSED", string.Create(CultureInfo.InvariantCulture,
                    $"The peer did not take the instance (storescu ended with {process.ExitCode})."));
        }
    }

    private static string ProposalOf(string path)
    {
        using DicomFile file = DicomFile.Open(path);
        return Proposals.TryGetValue(file.TransferSyntax.Uid, out string? proposal) ? proposal
            : throw new MediaException(file.Name, $"{file.Name}: {file.TransferSyntax.Name} is not sent by DIMSE; DICOMweb takes it.");
    }
}
