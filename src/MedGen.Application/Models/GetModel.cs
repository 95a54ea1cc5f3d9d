using MedGen.Application.Validation;
using MedGen.Sdk.Models;
using MediatR;

namespace MedGen.Application.Models;

/// <summary>What model is resident.</summary>
public sealed record GetModel : IRequest<ModelDescription>
{
    /// <summary>Name of the model; null: the resident one.</summary>
    [PlainName]
    public string? Name { get; init; }
}

internal sealed class GetModelHandler(ResidentModelSource models) : IRequestHandler<GetModel, ModelDescription>
{
    public Task<ModelDescription> Handle(GetModel request, CancellationToken cancellationToken) => Task.FromResult(models.Describe(request.Name));
}
