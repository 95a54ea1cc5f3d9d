using MedGen.Application.Access;
using MedGen.Application.Auditing;
using MediatR;

namespace MedGen.Application.Plugins;

/// <summary>Turns a disabled plugin on again.</summary>
[RequiresRole(Role.Administrator)]
public sealed record EnablePlugin : IRequest<PluginStatus>, IAuditedMessage
{
    /// <summary>Id of the plugin.</summary>
    public required string PluginId { get; init; }

    string? IAuditedMessage.AuditSubject => $"plugin:{PluginId}";
}
