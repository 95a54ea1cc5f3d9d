using MedGen.Application.Access;
using MedGen.Application.Artifacts;
using MedGen.Sdk.Errors;

namespace MedGen.Application.Augmentation;

/// <summary>Opens stored archives of augmented data sets for those who may see them.</summary>
internal sealed class AugmentedArtifacts(IArtifactStore artifacts, ItemVisibility visibility)
{
    /// <summary>Opens an archive.</summary>
    /// <param name="artifactId">Its id.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The tar file.</returns>
    /// <exception cref="ResourceNotFoundException">There is none, or the caller may not see it.</exception>
    /// <exception cref="InvalidInputException">It is another artifact.</exception>
    public async Task<FileStream> OpenAsync(string artifactId, CancellationToken cancellationToken)
    {
        Artifact artifact = await visibility.RequireAsync(
            await artifacts.FindAsync(artifactId, cancellationToken).ConfigureAwait(false), "artifact", artifactId, cancellationToken)
            .ConfigureAwait(false);
        if (artifact.Kind != ArtifactKind.AugmentedDataset)
        {
            throw new InvalidInputException("artifact_id", $"got an artifact of the kind {artifact.Kind}; allowed: {ArtifactKind.AugmentedDataset}.");
        }

        string path = await artifacts.GetPathForPartsAsync(artifact, cancellationToken).ConfigureAwait(false);
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 64 * 1024, FileOptions.Asynchronous);
    }
}
