using MedGen.Application.Access;
using MedGen.Application.Validation;
using MedGen.Sdk.Models;
using MediatR;

namespace MedGen.Application.Models;

/// <summary>What model is resident, and what the caller may ask of it.</summary>
public sealed record GetModel : IRequest<ResidentModelStatus>
{
    /// <summary>Name of the model; null: the resident one.</summary>
    [PlainName]
    public string? Name { get; init; }
}

internal sealed class GetModelHandler(ResidentModelSource models, CallerContext caller, AdapterNames names, IAdapterCatalog? adapters = null)
    : IRequestHandler<GetModel, ResidentModelStatus>
{
    public Task<ResidentModelStatus> Handle(GetModel request, CancellationToken cancellationToken)
    {
        ModelDescription model = models.Describe(request.Name);
        return Task.FromResult(new ResidentModelStatus(model, adapters?.List(names.OwnerFor(caller.Require().OwnTenant)) ?? []));
    }
}
