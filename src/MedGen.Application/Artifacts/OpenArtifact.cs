using MedGen.Application.Admission;
using MedGen.Application.Access;
using MedGen.Application.Auditing;
using MedGen.Application.Validation;
using MediatR;

namespace MedGen.Application.Artifacts;

/// <summary>Opens an artifact's content for download; until it is disposed it counts as one of the caller's streams.</summary>
[Operation("DownloadArtifact")]
public sealed record OpenArtifact : IRequest<ArtifactContent>, IAuditedMessage
{
    /// <summary>Id of the artifact.</summary>
    [Identifier]
    public required string ArtifactId { get; init; }

    string? IAuditedMessage.AuditSubject => $"artifact:{ArtifactId}";
}

internal sealed class OpenArtifactHandler(IArtifactStore artifacts, ItemVisibility visibility, OpenStreams streams, CallerContext caller)
    : IRequestHandler<OpenArtifact, ArtifactContent>
{
    public async Task<ArtifactContent> Handle(OpenArtifact request, CancellationToken cancellationToken)
    {
        string id = request.ArtifactId;
        await visibility.RequireAsync(
            await artifacts.FindAsync(id, cancellationToken).ConfigureAwait(false), "artifact", id, cancellationToken).ConfigureAwait(false);
        IDisposable place = streams.Open(caller.Require().Name);
        try
        {
            return (await artifacts.OpenAsync(id, cancellationToken).ConfigureAwait(false)).Holding(place);
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }
}
