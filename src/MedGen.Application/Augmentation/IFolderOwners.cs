using MedGen.Application.Access;
using MedGen.Sdk.Errors;

namespace MedGen.Application.Augmentation;

/// <summary>Whose output folders on the host's machine are: the caller's whose job first wrote to them.</summary>
public interface IFolderOwners
{
    /// <summary>Takes a folder for a caller; one that the caller has already stays the caller's.</summary>
    /// <param name="path">Full path, links resolved.</param>
    /// <param name="caller">The caller.</param>
    /// <param name="keeps">False: only whether the caller may write there is looked at, and nothing is taken.</param>
    /// <param name="cancellationToken">Gives up before the write.</param>
    /// <returns>Completes when the folder is the caller's.</returns>
    /// <exception cref="AccessDeniedException">
    /// The folder, one above it or one below it belongs to somebody else, whom the caller does not administer.
    /// </exception>
    Task TakeAsync(string path, Caller caller, bool keeps, CancellationToken cancellationToken);
}
