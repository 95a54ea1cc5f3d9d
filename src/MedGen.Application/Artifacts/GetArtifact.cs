using MedGen.Application.Access;
using MediatR;

namespace MedGen.Application.Artifacts;

/// <summary>What is known of an artifact.</summary>
[RequiresRole(Role.Reader)]
public sealed record GetArtifact : IRequest<Artifact>
{
    /// <summary>Id of the artifact.</summary>
    public required string ArtifactId { get; init; }
}
