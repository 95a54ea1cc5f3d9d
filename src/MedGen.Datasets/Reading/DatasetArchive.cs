using System.Formats.Tar;
using MedGen.Sdk.Errors;

namespace MedGen.Datasets.Reading;

/// <summary>Unpacks tar files that strangers made: regular files only, inside the folder only, up to a limit.</summary>
public static class DatasetArchive
{
    private const long MaxBytes = 256L << 30;
    private const long MaxListBytes = 256L << 20;
    private const int MaxFiles = 1_000_000;
    private static readonly string[] Lists = [".csv", ".jsonl", ".json", ".cls", ".txt"];

    /// <summary>Unpacks a tar file into a folder.</summary>
    /// <param name="archive">The tar file.</param>
    /// <param name="folder">An existing folder.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <param name="name">What the tar file is called in errors; null: the name that it has on disk.</param>
    /// <param name="listsOnly">Whether files that are no lists or labels are made empty: enough to see what there is.</param>
    /// <returns>Completes when all files are there.</returns>
    /// <exception cref="InvalidInputException">It is no tar file, an entry leads out of the folder or is a link, or the limits are
    /// passed.</exception>
    public static async Task UnpackAsync(
        string archive, string folder, CancellationToken cancellationToken, string? name = null, bool listsOnly = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(archive);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        string shown = name ?? Path.GetFileName(archive);
        (long bytes, int files) = (0, 0);
        try
        {
            FileStream stream = File.OpenRead(archive);
            await using (stream.ConfigureAwait(false))
            {
                TarReader reader = new(stream);
                await using (reader.ConfigureAwait(false))
                {
                    while (await reader.GetNextEntryAsync(copyData: false, cancellationToken).ConfigureAwait(false) is { } entry)
                    {
                        string full = Path.GetFullPath(entry.Name, root);
                        if (!(full + Path.DirectorySeparatorChar).StartsWith(root, StringComparison.Ordinal))
                        {
                            throw new InvalidInputException("data", $"{shown}: '{entry.Name}' leads out of the archive.");
                        }

                        if (PassedOver.IsMacLeftover(entry.Name))
                        {
                            continue;
                        }

                        switch (entry.EntryType)
                        {
                            case TarEntryType.Directory:
                                Directory.CreateDirectory(full);
                                break;
                            case TarEntryType.RegularFile or TarEntryType.V7RegularFile:
                                Stream? content = listsOnly && !Lists.Contains(Path.GetExtension(full)) ? null : entry.DataStream;
                                (bytes, files) = (bytes + (content?.Length ?? 0), files + 1);
                                if (bytes > (listsOnly ? MaxListBytes : MaxBytes) || files > MaxFiles)
                                {
                                    string most = listsOnly ? $"{MaxListBytes >> 20} MiB of lists" : $"{MaxBytes >> 30} GiB";
                                    throw new InvalidInputException("data", $"{shown} holds more than {MaxFiles} files or {most}.");
                                }

                                Directory.CreateDirectory(Path.GetDirectoryName(full)!);
                                await WriteAsync(content ?? Stream.Null, full, cancellationToken).ConfigureAwait(false);
                                break;
                            case TarEntryType.GlobalExtendedAttributes or TarEntryType.ExtendedAttributes:
                                break;
                            default:
                                throw new InvalidInputException(
                                    "data", $"{shown}: '{entry.Name}' is a {entry.EntryType}; files and folders are allowed.");
                        }
                    }
                }
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new InvalidInputException("data", $"{shown} is no tar file, or is cut short ({exception.Message}).");
        }
        catch (IOException exception) when (exception.Message.Contains("already exists", StringComparison.Ordinal))
        {
            throw new InvalidInputException("data", $"{shown} holds a file twice ({Path.GetFileName(exception.Message)}).");
        }
    }

    // The entry's own rights and owner are not taken over.
    private static async Task WriteAsync(Stream content, string path, CancellationToken cancellationToken)
    {
        FileStream file = new(path, FileMode.CreateNew, FileAccess.Write);
        await using (file.ConfigureAwait(false))
        {
            await content.CopyToAsync(file, cancellationToken).ConfigureAwait(false);
        }
    }
}
