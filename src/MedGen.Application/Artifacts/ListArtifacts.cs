using MedGen.Application.Access;
using MedGen.Sdk.Errors;
using MediatR;

namespace MedGen.Application.Artifacts;

/// <summary>Artifacts, newest first, page by page: the caller's own, or for administrators anybody's.</summary>
public sealed record ListArtifacts : ArtifactQuery, IRequest<ArtifactPage>;

internal sealed class ListArtifactsHandler(IArtifactStore artifacts, CallerContext context) : IRequestHandler<ListArtifacts, ArtifactPage>
{
    public Task<ArtifactPage> Handle(ListArtifacts request, CancellationToken cancellationToken)
    {
        Caller caller = context.Require();
        if (caller.IsAdministrator)
        {
            return artifacts.ListAsync(request with { Tenant = caller.IsOfAllTenants ? null : caller.Tenant }, cancellationToken);
        }

        return request.Owner is null || string.Equals(request.Owner, caller.Name, StringComparison.Ordinal)
            ? artifacts.ListAsync(request with { Owner = caller.Name, Tenant = caller.OwnTenant }, cancellationToken)
            : throw new AccessDeniedException("Only administrators may list artifacts of others; leave out 'owner' for your own.");
    }
}
