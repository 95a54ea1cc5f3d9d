using MediatR;

namespace MedGen.Application.Plugins;

internal sealed class DisablePluginHandler(IPluginCatalog catalog) : IRequestHandler<DisablePlugin, PluginStatus>
{
    public Task<PluginStatus> Handle(DisablePlugin request, CancellationToken cancellationToken) =>
        catalog.DisableAsync(request.PluginId, cancellationToken);
}
