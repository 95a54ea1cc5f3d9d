using MedGen.Application.Access;
using MedGen.Application.Idempotency;
using MediatR;

namespace MedGen.Application.Artifacts;

internal sealed class UploadArtifactHandler(IArtifactStore artifacts, CallerContext caller, IdempotencyContext idempotency)
    : IRequestHandler<UploadArtifact, Artifact>
{
    public Task<Artifact> Handle(UploadArtifact request, CancellationToken cancellationToken)
    {
        NewArtifact artifact = new()
        {
            FileName = request.FileName,
            MediaType = request.MediaType,
            Owner = caller.Require().Name,
            ExpectedSha256 = request.Sha256,
            Claim = idempotency.Claim,
        };
        return artifacts.AddAsync(artifact, request.Chunks, cancellationToken);
    }
}
