using MedGen.Abstractions.Errors;
using MediatR;

namespace MedGen.Application.Artifacts;

internal sealed class GetArtifactHandler(IArtifactStore artifacts) : IRequestHandler<GetArtifact, Artifact>
{
    public async Task<Artifact> Handle(GetArtifact request, CancellationToken cancellationToken) =>
        await artifacts.FindAsync(request.ArtifactId, cancellationToken) ?? throw new ResourceNotFoundException("artifact", request.ArtifactId);
}
