using MedGen.Application.Access;
using MedGen.Application.Auditing;
using MediatR;

namespace MedGen.Application.Plugins;

/// <summary>Loads the newest version of a plugin beside the old one and switches over; no request fails meanwhile.</summary>
[RequiresRole(Role.Administrator)]
public sealed record ReloadPlugin : IRequest<PluginStatus>, IAuditedMessage
{
    /// <summary>Id of the plugin.</summary>
    public required string PluginId { get; init; }

    string? IAuditedMessage.AuditSubject => $"plugin:{PluginId}";
}
