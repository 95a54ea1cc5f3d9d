using System.ComponentModel.DataAnnotations;
using MedGen.Application.Access;
using MedGen.Application.Auditing;
using MedGen.Application.Validation;
using MediatR;

namespace MedGen.Application.Artifacts;

/// <summary>
/// Puts an artifact under legal hold: nobody and no rule deletes it until the hold is lifted. A new reason takes the place of an old one.
/// </summary>
public sealed record HoldArtifact : IRequest<Artifact>, IAuditedMessage
{
    /// <summary>Id of the artifact.</summary>
    [Identifier]
    public required string ArtifactId { get; init; }

    /// <summary>Why, 1 to 200 characters, for instance a file number.</summary>
    [Required, PlainName]
    public required string Reason { get; init; }

    string? IAuditedMessage.AuditSubject => $"artifact:{ArtifactId}";
}

internal sealed class HoldArtifactHandler(IArtifactStore artifacts, CallerContext caller, ItemVisibility visibility, TimeProvider time)
    : IRequestHandler<HoldArtifact, Artifact>
{
    public async Task<Artifact> Handle(HoldArtifact request, CancellationToken cancellationToken)
    {
        string id = request.ArtifactId;
        await visibility.RequireAsync(
            await artifacts.FindAsync(id, cancellationToken).ConfigureAwait(false), "artifact", id, cancellationToken).ConfigureAwait(false);
        LegalHold hold = new() { By = caller.Require().Name, At = time.GetUtcNow(), Reason = request.Reason };
        return await artifacts.SetHoldAsync(id, hold, cancellationToken).ConfigureAwait(false);
    }
}
