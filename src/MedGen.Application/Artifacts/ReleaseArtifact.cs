using MedGen.Application.Access;
using MedGen.Application.Auditing;
using MedGen.Application.Validation;
using MediatR;

namespace MedGen.Application.Artifacts;

/// <summary>Lifts the legal hold of an artifact; nothing changes where there is none.</summary>
public sealed record ReleaseArtifact : IRequest<Artifact>, IAuditedMessage
{
    /// <summary>Id of the artifact.</summary>
    [Identifier]
    public required string ArtifactId { get; init; }

    string? IAuditedMessage.AuditSubject => $"artifact:{ArtifactId}";
}

internal sealed class ReleaseArtifactHandler(IArtifactStore artifacts, ItemVisibility visibility) : IRequestHandler<ReleaseArtifact, Artifact>
{
    public async Task<Artifact> Handle(ReleaseArtifact request, CancellationToken cancellationToken)
    {
        string id = request.ArtifactId;
        await visibility.RequireAsync(
            await artifacts.FindAsync(id, cancellationToken).ConfigureAwait(false), "artifact", id, cancellationToken).ConfigureAwait(false);
        return await artifacts.SetHoldAsync(id, null, cancellationToken).ConfigureAwait(false);
    }
}
