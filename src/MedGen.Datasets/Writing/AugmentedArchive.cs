using System.Formats.Tar;
using System.Globalization;
using System.Text;
using MedGen.Datasets.Reading;
using MedGen.Sdk.Errors;

namespace MedGen.Datasets.Writing;

/// <summary>Looks into the tar file of an augmented data set without unpacking it.</summary>
public static class AugmentedArchive
{
    private const string Field = "artifact_id";
    private const long MostManifest = 1L << 30;

    /// <summary>Reads the manifest.</summary>
    /// <param name="archive">The tar file; seekable.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The made clips in the manifest's order, refused ones too.</returns>
    /// <exception cref="InvalidInputException">It is no tar file, or has no manifest of an augmentation.</exception>
    public static async Task<IReadOnlyList<AugmentedClip>> ReadManifestAsync(Stream archive, CancellationToken cancellationToken)
    {
        Stream file = await FindAsync(archive, ManifestTable.FileName, cancellationToken).ConfigureAwait(false) is { Length: <= MostManifest } found
            ? found
            : throw new InvalidInputException(Field, $"there is no {ManifestTable.FileName} of at most {MostManifest >> 20} MiB in the archive.");
        using StreamReader reader = new(file, Encoding.UTF8, leaveOpen: true);
        string text = await reader.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
        CsvTable table = CsvTable.Parse(
            text, ManifestTable.FileName, Field,
            "file_name", "label", "source", "method", "origin", "kept", "reject_reason", "nn_id", "nn_distance");
        HashSet<string> real = [.. table.Rows.Where(row => row["source"] == "real").Select(row => row["file_name"])];
        return [.. table.Rows.Where(row => row["source"] == "synthetic").Select(row => Clip(row, real))];
    }

    /// <summary>Opens a file of the archive.</summary>
    /// <param name="archive">The tar file; seekable. The file is a part of it: it stays open as long as the file is read.</param>
    /// <param name="name">Name of the file, with forward slashes.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The file's content, seekable; null: there is no such file.</returns>
    /// <exception cref="InvalidInputException">It is no tar file, or is cut short.</exception>
    public static async Task<Stream?> FindAsync(Stream archive, string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(archive);
        try
        {
            TarReader reader = new(archive, leaveOpen: true);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.GetNextEntryAsync(copyData: false, cancellationToken).ConfigureAwait(false) is { } entry)
                {
                    if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile && entry.Name == name)
                    {
                        return entry.DataStream ?? Stream.Null;
                    }
                }
            }

            return null;
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new InvalidInputException(Field, $"it is no tar file, or is cut short ({exception.Message}).");
        }
    }

    private static AugmentedClip Clip(CsvRow row, HashSet<string> real)
    {
        string nearest = row["nn_id"];
        string copy = $"train/real/{nearest}";
        return new AugmentedClip
        {
            FileName = row["file_name"],
            Label = row["label"],
            Method = row["method"],
            Origin = row["origin"],
            Kept = row["kept"] == "true",
            RejectReason = row["reject_reason"] is { Length: > 0 } reason ? reason : null,
            Nearest = nearest,
            NearestDistance = double.TryParse(row["nn_distance"], NumberStyles.Float, CultureInfo.InvariantCulture, out double distance)
                ? distance
                : throw row.Wrong("nn_distance", $"got '{row["nn_distance"]}', a number is expected"),
            NearestFile = real.Contains(copy) ? copy : null,
        };
    }
}
