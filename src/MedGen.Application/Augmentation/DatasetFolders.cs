using MedGen.Abstractions.Errors;
using Microsoft.Extensions.Options;

namespace MedGen.Application.Augmentation;

/// <summary>Folders of this machine that callers may read data sets from and write them to: those that the host's options name, and nothing else.</summary>
internal sealed class DatasetFolders(IOptions<MedGenApplicationOptions> options)
{
    /// <summary>Refuses a path outside.</summary>
    /// <exception cref="AccessDeniedException">The path lies in none of the folders, or the host allows none.</exception>
    public void Require(string path)
    {
        string full = Path.GetFullPath(path) + Path.DirectorySeparatorChar;
        if (!options.Value.DatasetFolders.Any(allowed => full.StartsWith(Path.TrimEndingDirectorySeparator(Path.GetFullPath(allowed)) + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
        {
            throw new AccessDeniedException(
                options.Value.DatasetFolders.Count == 0
                    ? "This host allows no folders of its machine; upload the data set as a tar file instead."
                    : "The folder is none of those that this host allows; upload the data set as a tar file instead.");
        }
    }
}
