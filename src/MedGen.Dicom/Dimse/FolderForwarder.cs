using System.Globalization;
using MedGen.Dicom.DataSets;
using MedGen.Dicom.Web;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.Dimse;

/// <summary>
/// Brings files of a folder to a DICOMweb server as they come. A file leaves the folder when the server lists it (into <c>sent</c>, or it is deleted)
/// or refuses it (into <c>refused</c>); while the server is away all of them wait. One look at a time.
/// </summary>
/// <param name="folder">Full path of the folder.</param>
/// <param name="client">The server.</param>
/// <param name="isWhole">Whether a file that has not changed for a while is whole.</param>
/// <param name="keepSent">Whether what was sent is kept in <c>sent</c>; else it is deleted.</param>
/// <param name="callers">Titles of application entities that may send; others' files are deleted. Null: any.</param>
/// <param name="time">The clock.</param>
public sealed class FolderForwarder(
    string folder, DicomWebClient client, Func<string, bool> isWhole, bool keepSent, IReadOnlyCollection<string>? callers, TimeProvider time)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    /// <summary>Files that the server has got.</summary>
    public int Sent { get; private set; }

    /// <summary>Files that the server, or nobody, reads.</summary>
    public int Refused { get; private set; }

    /// <summary>Files of callers that may not send.</summary>
    public int Dropped { get; private set; }

    /// <summary>Sends what is there and whole.</summary>
    /// <param name="cancellationToken">Stops between two files, or in one, which stays.</param>
    /// <exception cref="UnavailableException">The server is away; what was not sent stays.</exception>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles().OrderBy(one => one.LastWriteTimeUtc).ToList())
        {
            cancellationToken.ThrowIfCancellationRequested();
            bool isLink = file.LinkTarget is not null;
            if (!file.Exists || isLink || file.Name.StartsWith('.') || time.GetUtcNow() - file.LastWriteTimeUtc < Quiet || !isWhole(file.FullName))
            {
                continue;
            }

            await ForwardAsync(file, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ForwardAsync(FileInfo file, CancellationToken cancellationToken)
    {
        try
        {
            if (callers is not null && !callers.Contains(CallerOf(file.FullName)))
            {
                file.Delete();
                Dropped++;
                return;
            }

            await client.StoreAsync(file.FullName, cancellationToken).ConfigureAwait(false);
        }
        catch (MediaException) when (time.GetUtcNow() - file.LastWriteTimeUtc < Settled)
        {
            return; // somebody may still be copying it
        }
        catch (Exception error) when (error is MediaException or FailedPreconditionException)
        {
            Move(file, "refused");
            Refused++;
            return;
        }

        Sent++;
        if (keepSent)
        {
            Move(file, "sent");
        }
        else
        {
            file.Delete();
        }
    }

    private void Move(FileInfo file, string to)
    {
        string target = Directory.CreateDirectory(Path.Combine(folder, to)).FullName;
        string name = File.Exists(Path.Combine(target, file.Name))
            ? string.Create(CultureInfo.InvariantCulture, $"{Guid.NewGuid():N}-{file.Name}")
            : file.Name;
        file.MoveTo(Path.Combine(target, name));
    }

    private static string CallerOf(string path)
    {
        using DicomFile file = DicomFile.Open(path);
        return file.Meta.Text(new(0x0002_0016));
    }
}
