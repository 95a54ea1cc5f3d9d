using MedGen.Abstractions.Models;
using MedGen.Application.Access;
using MediatR;

namespace MedGen.Application.Models;

/// <summary>What model is resident.</summary>
[RequiresRole(Role.Reader)]
public sealed record GetModel : IRequest<ModelDescription>
{
    /// <summary>Name of the model; null: the resident one.</summary>
    public string? Name { get; init; }
}
