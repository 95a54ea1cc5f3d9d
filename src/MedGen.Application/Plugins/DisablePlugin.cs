using MedGen.Application.Auditing;
using MedGen.Application.Validation;
using MediatR;

namespace MedGen.Application.Plugins;

/// <summary>Turns a plugin off: it finishes what it has and is unloaded.</summary>
public sealed record DisablePlugin : IRequest<PluginStatus>, IAuditedMessage
{
    /// <summary>Id of the plugin.</summary>
    [Identifier]
    public required string PluginId { get; init; }

    string? IAuditedMessage.AuditSubject => $"plugin:{PluginId}";
}

internal sealed class DisablePluginHandler(IPluginCatalog catalog) : IRequestHandler<DisablePlugin, PluginStatus>
{
    public Task<PluginStatus> Handle(DisablePlugin request, CancellationToken cancellationToken) =>
        catalog.DisableAsync(request.PluginId, cancellationToken);
}
