using MediatR;

namespace MedGen.Application.Plugins;

internal sealed class EnablePluginHandler(IPluginCatalog catalog) : IRequestHandler<EnablePlugin, PluginStatus>
{
    public Task<PluginStatus> Handle(EnablePlugin request, CancellationToken cancellationToken) =>
        catalog.EnableAsync(request.PluginId, cancellationToken);
}
