using MedGen.Application.Access;
using MedGen.Application.Auditing;
using MediatR;

namespace MedGen.Application.Plugins;

/// <summary>Turns a plugin off: it finishes what it has and is unloaded.</summary>
[RequiresRole(Role.Administrator)]
public sealed record DisablePlugin : IRequest<PluginStatus>, IAuditedMessage
{
    /// <summary>Id of the plugin.</summary>
    public required string PluginId { get; init; }

    string? IAuditedMessage.AuditSubject => $"plugin:{PluginId}";
}
