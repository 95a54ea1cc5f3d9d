using MedGen.Sdk.Errors;
using MedGen.Datasets.Files;

namespace MedGen.Datasets.Reading;

/// <summary>Finds the folder of a data set, which may come as a folder, as a tar file, or as a folder of tar shards (WebDataset).</summary>
public static class DatasetSource
{
    /// <summary>Gives the folder; archives are unpacked first.</summary>
    /// <param name="path">Folder or tar file.</param>
    /// <param name="unpackFolder">Where archives are unpacked; emptied first, not touched for a folder.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <param name="scope">Where archives may lie; null: anywhere.</param>
    /// <param name="name">What a tar file is called in errors; null: the name that it has on disk.</param>
    /// <param name="listsOnly">Whether clips of archives are made empty files: enough for <see cref="DatasetFolder.Read"/>.</param>
    /// <returns>A folder for <see cref="DatasetFolder.Read"/>.</returns>
    /// <exception cref="AccessDeniedException">An archive is a link that leads out of the scope.</exception>
    /// <exception cref="InvalidInputException">There is no such file or folder, or an archive is broken, hostile or too large.</exception>
    public static async Task<string> OpenAsync(
        string path, string unpackFolder, CancellationToken cancellationToken, PathScope? scope = null, string? name = null, bool listsOnly = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentException.ThrowIfNullOrEmpty(unpackFolder);
        string[] archives = File.Exists(path) ? [path]
            : Directory.Exists(path) ? [.. Directory.EnumerateFiles(path,
                "*.tar").Where(file => !PassedOver.IsMacLeftover(Path.GetFileName(file))).Order(StringComparer.Ordinal)]
            : throw new InvalidInputException("data", $"there is no file or folder '{path}'.");
        if (archives.Length == 0)
        {
            return path;
        }

        if (Directory.Exists(unpackFolder))
        {
            Directory.Delete(unpackFolder, recursive: true);
        }

        Directory.CreateDirectory(unpackFolder);
        foreach (string archive in archives)
        {
            string real = (scope ?? PathScope.Anywhere).Resolve(archive, DatasetFolder.Field);
            await DatasetArchive.UnpackAsync(real, unpackFolder, cancellationToken, name, listsOnly).ConfigureAwait(false);
        }

        // A folder that was packed whole lies one level down.
        string root = Directory.GetFileSystemEntries(unpackFolder) is [var only] && Directory.Exists(only) && MetadataTable.Find(only) is not null
            ? only
            : unpackFolder;
        if (MetadataTable.Find(root) is null)
        {
            WebDatasetSamples.WriteMetadata(root);
        }

        return root;
    }
}
