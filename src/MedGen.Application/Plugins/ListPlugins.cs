using MediatR;

namespace MedGen.Application.Plugins;

/// <summary>All plugins, by id, those that were refused included.</summary>
public sealed record ListPlugins : IRequest<IReadOnlyList<PluginStatus>>;

internal sealed class ListPluginsHandler(IPluginCatalog catalog) : IRequestHandler<ListPlugins, IReadOnlyList<PluginStatus>>
{
    public Task<IReadOnlyList<PluginStatus>> Handle(ListPlugins request, CancellationToken cancellationToken) => Task.FromResult(catalog.List());
}
