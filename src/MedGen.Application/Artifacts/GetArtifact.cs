using MedGen.Application.Access;
using MedGen.Application.Auditing;
using MedGen.Application.Validation;
using MediatR;

namespace MedGen.Application.Artifacts;

/// <summary>What is known of an artifact.</summary>
public sealed record GetArtifact : IRequest<Artifact>, IAuditedMessage
{
    /// <summary>Id of the artifact.</summary>
    [Identifier]
    public required string ArtifactId { get; init; }

    string? IAuditedMessage.AuditSubject => $"artifact:{ArtifactId}";
}

internal sealed class GetArtifactHandler(IArtifactStore artifacts, ItemVisibility visibility) : IRequestHandler<GetArtifact, Artifact>
{
    public async Task<Artifact> Handle(GetArtifact request, CancellationToken cancellationToken) =>
        await visibility.RequireAsync(
            await artifacts.FindAsync(request.ArtifactId, cancellationToken).ConfigureAwait(false), "artifact", request.ArtifactId, cancellationToken)
            .ConfigureAwait(false);
}
