using MedGen.Abstractions.Models;
using MediatR;

namespace MedGen.Application.Models;

internal sealed class GetModelHandler(ResidentModelSource models) : IRequestHandler<GetModel, ModelDescription>
{
    public Task<ModelDescription> Handle(GetModel request, CancellationToken cancellationToken) => Task.FromResult(models.Describe(request.Name));
}
