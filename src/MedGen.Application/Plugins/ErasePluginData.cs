using MedGen.Application.Auditing;
using MedGen.Application.Validation;
using MediatR;

namespace MedGen.Application.Plugins;

/// <summary>Removes what a plugin keeps in its data folder; answers with the number of bytes.</summary>
public sealed record ErasePluginData : IRequest<long>, IAuditedMessage
{
    /// <summary>Id of the plugin.</summary>
    [Identifier]
    public required string PluginId { get; init; }

    string? IAuditedMessage.AuditSubject => $"plugin:{PluginId}";
}

internal sealed class ErasePluginDataHandler(IPluginCatalog catalog) : IRequestHandler<ErasePluginData, long>
{
    public Task<long> Handle(ErasePluginData request, CancellationToken cancellationToken) =>
        catalog.EraseDataAsync(request.PluginId, cancellationToken);
}
