using System.Diagnostics;
using System.Globalization;
using MedGen.Sandbox;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.Dimse;

/// <summary>
/// Receives instances by C-STORE: DCMTK's storescp in the sandbox, with one folder to write in. Each file says in (0002,0016) which application
/// entity sent it. Ends with the object.
/// </summary>
public sealed class StoreReceiver : IDisposable
{
    private const long AddressSpace = 2L << 30;
    private const int CpuSeconds = 30 * 24 * 3600;

    private readonly Process _process;

    private StoreReceiver(Process process) => _process = process;

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Starts to receive.</summary>
    /// <param name="options">As whom and where.</param>
    /// <returns>The receiver.</returns>
    /// <exception cref="FailedPreconditionException">storescp is not installed (<c>DCMTK_MISSING</c>), or cannot be confined.</exception>
    /// <exception cref="InvalidInputException">An option is wrong.</exception>
    public static StoreReceiver Start(StoreReceiverOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        DimseTools.RequireTitle("aet", options.Title);
        Process process = ProcessSandbox.For(options.Sandbox).Start(new SandboxedCommand
        {
            Program = DimseTools.Find("storescp"),
            Arguments =
            [
                "--quiet", "--bit-preserving", "--accept-all", "--aetitle", options.Title, "--output-directory", options.Folder,
                "--acse-timeout", "30", "--dimse-timeout", "300", .. Tls(options), options.Port.ToString(CultureInfo.InvariantCulture),
            ],
            Readable = [.. new[] { options.CertificateFile, options.KeyFile, options.AuthorityFile }.OfType<string>()],
            Writable = [options.Folder],
            NeedsNetwork = true,
            Limits = new SandboxLimits { AddressSpaceBytes = AddressSpace, CpuSeconds = CpuSeconds, FileBytes = options.LargestFile },
        });
        process.StandardInput.Close();
        process.OutputDataReceived += (_, _) => { }; // it may name patients: read and thrown away
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new StoreReceiver(process);
    }

    /// <summary>Whether a file is whole: storescp has closed it.</summary>
    /// <param name="path">A file in the folder.</param>
    /// <returns>False: it is being written, or nobody can tell.</returns>
    public bool IsWhole(string path)
    {
        try
        {
            return !Descendants(_process.Id).Any(id => Directory.EnumerateFileSystemEntries(string.Create(CultureInfo.InvariantCulture,
                $"/proc/{id}/fd"))
                .Any(descriptor => File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.FullName == path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        ProcessTree.Kill(_process);
        _process.Dispose();
    }

    private static IEnumerable<int> Descendants(int id)
    {
        string children = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/task/{id}/children"));
        return children.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(child => int.Parse(child, CultureInfo.InvariantCulture))
            .SelectMany(Descendants).Prepend(id);
    }

    private static IEnumerable<string> Tls(StoreReceiverOptions options) => options.CertificateFile is null ? []
        : ["--enable-tls", options.KeyFile!, options.CertificateFile,
            .. options.AuthorityFile is { } authority ? (string[])["--add-cert-file", authority, "--require-peer-cert"] : ["--ignore-peer-cert"]];
}
