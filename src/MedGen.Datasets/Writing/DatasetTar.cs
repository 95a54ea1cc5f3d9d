using System.Formats.Tar;
using MedGen.Sdk.Files;

namespace MedGen.Datasets.Writing;

/// <summary>Packs a data set folder into one tar file, for the way to a host and back.</summary>
public static class DatasetTar
{
    /// <summary>Packs all files of a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="path">The tar file; an existing one is replaced.</param>
    /// <param name="cancellationToken">Stops; nothing is left then.</param>
    /// <returns>Completes when the file is there.</returns>
    public static async Task PackAsync(string folder, string path, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentException.ThrowIfNullOrEmpty(path);
        string root = Path.GetFullPath(folder);
        await WholeFile.WriteAsync(path, temporary => WriteAsync(root, temporary, cancellationToken)).ConfigureAwait(false);
    }

    private static async Task WriteAsync(string root, string path, CancellationToken cancellationToken)
    {
        TarWriter tar = new(File.Create(path), TarEntryFormat.Pax);
        await using (tar.ConfigureAwait(false))
        {
            foreach (string file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                FileStream content = File.OpenRead(file);
                await using (content.ConfigureAwait(false))
                {
                    PaxTarEntry entry = new(
                        TarEntryType.RegularFile, Path.GetRelativePath(root, file)
                            .Replace('\\', '/')) { DataStream = content, ModificationTime = DateTimeOffset.UnixEpoch };
                    await tar.WriteEntryAsync(entry, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }
}
