using MedGen.Application.Access;
using MedGen.Application.Auditing;
using MedGen.Application.Validation;
using MediatR;

namespace MedGen.Application.Artifacts;

/// <summary>Deletes an artifact; the content goes with its last artifact. Refused while a job that waits or runs needs it.</summary>
public sealed record DeleteArtifact : IRequest, IAuditedMessage
{
    /// <summary>Id of the artifact.</summary>
    [Identifier]
    public required string ArtifactId { get; init; }

    string? IAuditedMessage.AuditSubject => $"artifact:{ArtifactId}";
}

internal sealed class DeleteArtifactHandler(IArtifactStore artifacts, CallerContext caller, ItemVisibility visibility)
    : IRequestHandler<DeleteArtifact>
{
    public async Task Handle(DeleteArtifact request, CancellationToken cancellationToken)
    {
        Artifact artifact = await visibility.RequireAsync(
            await artifacts.FindAsync(request.ArtifactId, cancellationToken).ConfigureAwait(false), "artifact", request.ArtifactId, cancellationToken)
            .ConfigureAwait(false);
        caller.RequireOwnership(artifact);
        await artifacts.DeleteAsync(artifact.Id, cancellationToken).ConfigureAwait(false);
    }
}
