using MedGen.Application.Access;
using MediatR;

namespace MedGen.Application.Plugins;

/// <summary>Where a plugin stands.</summary>
[RequiresRole(Role.Reader)]
public sealed record GetPlugin : IRequest<PluginStatus>
{
    /// <summary>Id of the plugin.</summary>
    public required string PluginId { get; init; }
}
