using MedGen.Application.Access;
using MedGen.Application.Auditing;
using MediatR;

namespace MedGen.Application.Artifacts;

/// <summary>Opens an artifact's content for download.</summary>
[RequiresRole(Role.Reader)]
public sealed record OpenArtifact : IRequest<ArtifactContent>, IAuditedMessage
{
    /// <summary>Id of the artifact.</summary>
    public required string ArtifactId { get; init; }

    string? IAuditedMessage.AuditSubject => $"artifact:{ArtifactId}";
}
