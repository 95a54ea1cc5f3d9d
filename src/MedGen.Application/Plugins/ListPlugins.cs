using MedGen.Application.Access;
using MediatR;

namespace MedGen.Application.Plugins;

/// <summary>All plugins, by id, those that were refused included.</summary>
[RequiresRole(Role.Reader)]
public sealed record ListPlugins : IRequest<IReadOnlyList<PluginStatus>>;
