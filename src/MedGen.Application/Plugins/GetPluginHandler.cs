using MediatR;

namespace MedGen.Application.Plugins;

internal sealed class GetPluginHandler(IPluginCatalog catalog) : IRequestHandler<GetPlugin, PluginStatus>
{
    public Task<PluginStatus> Handle(GetPlugin request, CancellationToken cancellationToken) => Task.FromResult(catalog.GetStatus(request.PluginId));
}
