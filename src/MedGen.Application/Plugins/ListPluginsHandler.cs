using MediatR;

namespace MedGen.Application.Plugins;

internal sealed class ListPluginsHandler(IPluginCatalog catalog) : IRequestHandler<ListPlugins, IReadOnlyList<PluginStatus>>
{
    public Task<IReadOnlyList<PluginStatus>> Handle(ListPlugins request, CancellationToken cancellationToken) => Task.FromResult(catalog.List());
}
