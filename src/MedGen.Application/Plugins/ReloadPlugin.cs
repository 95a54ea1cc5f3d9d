using MedGen.Application.Auditing;
using MedGen.Application.Validation;
using MediatR;

namespace MedGen.Application.Plugins;

/// <summary>Loads the newest version of a plugin beside the old one and switches over; no request fails meanwhile.</summary>
public sealed record ReloadPlugin : IRequest<PluginStatus>, IAuditedMessage
{
    /// <summary>Id of the plugin.</summary>
    [Identifier]
    public required string PluginId { get; init; }

    string? IAuditedMessage.AuditSubject => $"plugin:{PluginId}";
}

internal sealed class ReloadPluginHandler(IPluginCatalog catalog) : IRequestHandler<ReloadPlugin, PluginStatus>
{
    public Task<PluginStatus> Handle(ReloadPlugin request, CancellationToken cancellationToken) =>
        catalog.ReloadAsync(request.PluginId, cancellationToken);
}
