using MediatR;

namespace MedGen.Application.Artifacts;

internal sealed class OpenArtifactHandler(IArtifactStore artifacts) : IRequestHandler<OpenArtifact, ArtifactContent>
{
    public Task<ArtifactContent> Handle(OpenArtifact request, CancellationToken cancellationToken) =>
        artifacts.OpenAsync(request.ArtifactId, cancellationToken);
}
