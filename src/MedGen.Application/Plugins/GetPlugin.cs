using MedGen.Application.Auditing;
using MedGen.Application.Validation;
using MediatR;

namespace MedGen.Application.Plugins;

/// <summary>Where a plugin stands.</summary>
public sealed record GetPlugin : IRequest<PluginStatus>, IAuditedMessage
{
    /// <summary>Id of the plugin.</summary>
    [Identifier]
    public required string PluginId { get; init; }

    string? IAuditedMessage.AuditSubject => $"plugin:{PluginId}";
}

internal sealed class GetPluginHandler(IPluginCatalog catalog) : IRequestHandler<GetPlugin, PluginStatus>
{
    public Task<PluginStatus> Handle(GetPlugin request, CancellationToken cancellationToken) => Task.FromResult(catalog.GetStatus(request.PluginId));
}
