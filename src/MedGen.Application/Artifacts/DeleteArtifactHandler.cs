using MedGen.Abstractions.Errors;
using MedGen.Application.Access;
using MediatR;

namespace MedGen.Application.Artifacts;

internal sealed class DeleteArtifactHandler(IArtifactStore artifacts, CallerContext caller) : IRequestHandler<DeleteArtifact>
{
    public async Task Handle(DeleteArtifact request, CancellationToken cancellationToken)
    {
        Artifact artifact = await artifacts.FindAsync(request.ArtifactId, cancellationToken)
            ?? throw new ResourceNotFoundException("artifact", request.ArtifactId);
        caller.RequireOwnership(artifact.Owner, $"artifact '{artifact.Id}'");
        await artifacts.DeleteAsync(artifact.Id, cancellationToken);
    }
}
