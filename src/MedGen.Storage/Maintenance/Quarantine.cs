using System.Globalization;

namespace MedGen.Storage.Maintenance;

/// <summary>
/// The folder to which unexplained files of a data folder are moved instead of being deleted: <c>quarantine/&lt;UTC time&gt;/&lt;their path&gt;</c>.
/// They are deleted when nobody has asked for them for long enough.
/// </summary>
/// <param name="paths">The data folder.</param>
/// <param name="time">The clock.</param>
internal sealed class Quarantine(DataPaths paths, TimeProvider time)
{
    private const string NameFormat = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>Moves a file or folder of the data folder.</summary>
    /// <returns>Where it lies now, below the data folder.</returns>
    public string Add(string path)
    {
        string batch = Path.Combine(paths.Quarantine, time.GetUtcNow().ToString(NameFormat, CultureInfo.InvariantCulture));
        string target = Free(Path.Combine(batch, Path.GetRelativePath(paths.Root, path)));
        DataFolder.CreateFolder(paths.Quarantine);
        DataFolder.CreateFolder(batch);
        DataFolder.CreateFolder(Path.GetDirectoryName(target)!);
        Directory.Move(path, target);
        return Path.GetRelativePath(paths.Root, target);
    }

    /// <summary>Deletes what has lain here for longer than a time; names that are not ours stay.</summary>
    /// <returns>Number of files deleted.</returns>
    public int Purge(TimeSpan retention)
    {
        int deleted = 0;
        foreach (string batch in Directory.Exists(paths.Quarantine) ? Directory.GetDirectories(paths.Quarantine) : [])
        {
            if (DateTimeOffset.TryParseExact(
                Path.GetFileName(batch), NameFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset since)
                && time.GetUtcNow() - since > retention)
            {
                deleted += Directory.GetFiles(batch, "*", SearchOption.AllDirectories).Length;
                Directory.Delete(batch, recursive: true);
            }
        }

        return deleted;
    }

    /// <summary>Deletes every copy of a content.</summary>
    public void Erase(string sha256)
    {
        foreach (string file in Directory.Exists(paths.Quarantine)
            ? Directory.GetFiles(paths.Quarantine, sha256 + "*", SearchOption.AllDirectories)
            : [])
        {
            File.Delete(file);
        }
    }

    // Two of the same path within a second: a number tells them apart.
    private static string Free(string path) =>
        Enumerable.Range(1, int.MaxValue).Select(number => number == 1 ? path : $"{path}.{number}").First(candidate => !Path.Exists(candidate));
}
