using System.ComponentModel.DataAnnotations;
using MedGen.Application.Access;
using MedGen.Application.Auditing;
using MedGen.Application.Validation;
using MedGen.Datasets.Writing;
using MediatR;

namespace MedGen.Application.Augmentation;

/// <summary>The made clips of an augmented data set that is stored as an archive, as its manifest has them, page by page.</summary>
[Operation("DownloadArtifact")]
public sealed record ListAugmentedClips : IRequest<AugmentedClipPage>, IAuditedMessage
{
    /// <summary>Id of the archive.</summary>
    [Identifier]
    public required string ArtifactId { get; init; }

    /// <summary>Only kept ones (true) or refused ones (false); null: both.</summary>
    public bool? Kept { get; init; }

    /// <summary>Clips to leave out before the page, 0 to 1,000,000.</summary>
    [Range(0, 1_000_000)]
    public int Skip { get; init; }

    /// <summary>Largest number of clips in the page, 1 to 100.</summary>
    [Range(1, 100)]
    public int PageSize { get; init; } = 10;

    string? IAuditedMessage.AuditSubject => $"artifact:{ArtifactId}";
}

/// <summary>One page of the made clips of a data set.</summary>
/// <param name="Clips">The clips, nearest to a real one first.</param>
/// <param name="Total">How many there are on all pages.</param>
public sealed record AugmentedClipPage(IReadOnlyList<AugmentedClip> Clips, int Total);

internal sealed class ListAugmentedClipsHandler(AugmentedArtifacts archives) : IRequestHandler<ListAugmentedClips, AugmentedClipPage>
{
    public async Task<AugmentedClipPage> Handle(ListAugmentedClips request, CancellationToken cancellationToken)
    {
        FileStream archive = await archives.OpenAsync(request.ArtifactId, cancellationToken).ConfigureAwait(false);
        await using (archive.ConfigureAwait(false))
        {
            AugmentedClip[] clips =
            [
                .. (await AugmentedArchive.ReadManifestAsync(archive, cancellationToken).ConfigureAwait(false))
                    .Where(clip => request.Kept is null || clip.Kept == request.Kept).OrderBy(clip => clip.NearestDistance),
            ];
            return new AugmentedClipPage([.. clips.Skip(request.Skip).Take(request.PageSize)], clips.Length);
        }
    }
}
