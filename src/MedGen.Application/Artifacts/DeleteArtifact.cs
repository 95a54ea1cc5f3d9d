using MedGen.Application.Access;
using MedGen.Application.Auditing;
using MediatR;

namespace MedGen.Application.Artifacts;

/// <summary>Deletes an artifact; the content goes with its last artifact. Refused while a job that waits or runs needs it.</summary>
[RequiresRole(Role.Operator)]
public sealed record DeleteArtifact : IRequest, IAuditedMessage
{
    /// <summary>Id of the artifact.</summary>
    public required string ArtifactId { get; init; }

    string? IAuditedMessage.AuditSubject => $"artifact:{ArtifactId}";
}
