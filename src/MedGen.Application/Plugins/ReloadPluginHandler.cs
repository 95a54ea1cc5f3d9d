using MediatR;

namespace MedGen.Application.Plugins;

internal sealed class ReloadPluginHandler(IPluginCatalog catalog) : IRequestHandler<ReloadPlugin, PluginStatus>
{
    public Task<PluginStatus> Handle(ReloadPlugin request, CancellationToken cancellationToken) =>
        catalog.ReloadAsync(request.PluginId, cancellationToken);
}
