using MedGen.Application.Auditing;
using MedGen.Application.Validation;
using MediatR;

namespace MedGen.Application.Plugins;

/// <summary>Turns a disabled plugin on again.</summary>
public sealed record EnablePlugin : IRequest<PluginStatus>, IAuditedMessage
{
    /// <summary>Id of the plugin.</summary>
    [Identifier]
    public required string PluginId { get; init; }

    string? IAuditedMessage.AuditSubject => $"plugin:{PluginId}";
}

internal sealed class EnablePluginHandler(IPluginCatalog catalog) : IRequestHandler<EnablePlugin, PluginStatus>
{
    public Task<PluginStatus> Handle(EnablePlugin request, CancellationToken cancellationToken) =>
        catalog.EnableAsync(request.PluginId, cancellationToken);
}
