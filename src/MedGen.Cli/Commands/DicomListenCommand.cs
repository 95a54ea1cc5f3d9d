using System.CommandLine;
using MedGen.Cli.Dicom;
using MedGen.Cli.Output;
using MedGen.Dicom.Dimse;
using MedGen.Dicom.Web;
using MedGen.Sdk.Errors;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen dicom listen</c> receives by DIMSE, <c>medgen dicom watch</c> takes files of a folder; both pass on to a DICOMweb
/// server.</summary>
internal static class DicomListenCommand
{
    private const long Mebibyte = 1 << 20;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    public static Command Create()
    {
        ArchiveOptions archive = new();
        Option<string> title = new("--aet") { Description = "Title of our application entity.", Required = true };
        Option<int> port = new("--port") { Description = "TCP port.", Required = true };
        Option<string> spool = new("--spool")
        {
            Description = "Folder where instances wait for the server; made when it is missing. Best one of its own.", Required = true,
        };
        Option<string[]> from = new("--from")
        {
            Description = "Titles of application entities that may send, as they name themselves; default: any.",
        };
        Option<string?> certificate = new("--tls-certificate")
        {
            Description = "PEM file of our certificate: TLS (BCP 195) in the place of clear text.",
        };
        Option<string?> key = new("--tls-key") { Description = "PEM file of its key." };
        Option<string?> authority = new("--tls-ca") { Description = "PEM file of the authorities whose certificates peers have to show." };
        Option<int> minFree = new("--min-free")
        {
            Description = "MiB of the disk that stay free: below, nothing more is received. Default 256.", DefaultValueFactory = _ => 256,
        };
        Command listen = new(
            "listen", "Receives instances by DIMSE (C-STORE, DCMTK's storescp in the sandbox) and stores them at a DICOMweb server, "
                + "such as the host's. "
                + "What cannot be stored yet waits in --spool.")
        {
            title, port, spool, from, certificate, key, authority, minFree,
        };
        archive.AddTo(listen);
        listen.Validators.Add(result =>
        {
            if ((result.GetResult(certificate) is null) != (result.GetResult(key) is null)
                || (result.GetResult(authority) is not null && result.GetResult(certificate) is null))
            {
                result.AddError("--tls-certificate and --tls-key belong together, and --tls-ca to them.");
            }
        });
        listen.SetAction(async (parsed, cancellationToken) =>
        {
            StoreReceiverOptions options = new()
            {
                Title = parsed.GetRequiredValue(title),
                Port = parsed.GetValue(port) is > 0 and < 65_536 and var number ? number
                    : throw new InvalidInputException("--port", $"got {parsed.GetValue(port)}; 1 to 65535 is allowed."),
                Folder = PrivateFolder(parsed.GetRequiredValue(spool)),
                CertificateFile = Full(certificate.Name, parsed.GetValue(certificate)),
                KeyFile = Full(key.Name, parsed.GetValue(key)),
                AuthorityFile = Full(authority.Name, parsed.GetValue(authority)),
            };
            using DicomWebClient client = archive.Connect(parsed);
            StoreReceiver? receiver = null;
            try
            {
                FolderForwarder forwarder = new(
                    options.Folder, client, path => receiver is null || receiver.IsWhole(path), keepSent: false,
                    parsed.GetValue(from) is { Length: > 0 } allowed ? allowed : null, TimeProvider.System);
                await ForwardAsync(forwarder, () => receiver = Kept(receiver, options, parsed.GetValue(minFree)), cancellationToken);
            }
            finally
            {
                receiver?.Dispose();
            }

            return ExitCode.Success;
        });
        return listen;
    }

    public static Command Watch()
    {
        ArchiveOptions archive = new();
        Argument<string> folder = new("folder") { Description = "The folder; what is in folders below it is left alone." };
        Command watch = new(
            "watch", "Stores the DICOM files of a folder at a DICOMweb server as they come. What it has got is moved to 'sent' in it, "
                + "what it refuses to 'refused'.")
        {
            folder,
        };
        archive.AddTo(watch);
        watch.SetAction(async (parsed, cancellationToken) =>
        {
            string path = Path.GetFullPath(parsed.GetRequiredValue(folder));
            if (!Directory.Exists(path))
            {
                throw new InvalidInputException("folder", $"'{path}' does not exist.");
            }

            using DicomWebClient client = archive.Connect(parsed);
            await ForwardAsync(
                new FolderForwarder(path, client, _ => true, keepSent: true, callers: null, TimeProvider.System), () => { }, cancellationToken);
            return ExitCode.Success;
        });
        return watch;
    }

    private static async Task ForwardAsync(FolderForwarder forwarder, Action before, CancellationToken cancellationToken)
    {
        (int, int, int) told = default;
        TimeSpan wait = Look;
        Terminal.Line("listening; Ctrl+C ends");
        while (!cancellationToken.IsCancellationRequested)
        {
            before();
            try
            {
                await forwarder.LookAsync(cancellationToken);
                wait = Look;
            }
            catch (UnavailableException error)
            {
                wait = TimeSpan.FromTicks(Math.Min(Longest.Ticks, 2 * wait.Ticks));
                Terminal.Warning($"{error.Message} Trying again in {wait.TotalSeconds:0} s.");
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                break;
            }

            if ((forwarder.Sent, forwarder.Refused, forwarder.Dropped) is var now && now != told)
            {
                told = now;
                Terminal.Line($"{forwarder.Sent} stored, {forwarder.Refused} refused, {forwarder.Dropped} of other senders dropped");
            }

            await Task.Delay(wait, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // One that has ended is started again; where the disk runs full, it is ended until there is room.
    private static StoreReceiver? Kept(StoreReceiver? receiver, StoreReceiverOptions options, int minFree)
    {
        bool hasRoom = new DriveInfo(options.Folder).AvailableFreeSpace >= minFree * Mebibyte;
        if (receiver is { HasEnded: false } && hasRoom)
        {
            return receiver;
        }

        if (receiver is not null)
        {
            Terminal.Warning(hasRoom ? "The receiver has ended (is the port taken?); it is started again."
                : $"Less than {minFree} MiB are free; nothing is received.");
            receiver.Dispose();
        }

        return hasRoom ? StoreReceiver.Start(options) : null;
    }

    private static string PrivateFolder(string path)
    {
        string full = Path.GetFullPath(path);
        return OperatingSystem.IsWindows() ? Directory.CreateDirectory(full).FullName
            : Directory.CreateDirectory(full, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
    }

    private static string? Full(string option, string? path) => path is null ? null
        : File.Exists(path) ? Path.GetFullPath(path) : throw new InvalidInputException(option, $"'{path}' does not exist.");
}
