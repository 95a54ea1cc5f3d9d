using MedGen.Application.Auditing;
using MedGen.Application.Validation;
using MediatR;

namespace MedGen.Application.Plugins;

/// <summary>Chooses the plugin that serves a task when a request names none. Survives a restart.</summary>
public sealed record UsePlugin : IRequest<IReadOnlyList<PluginStatus>>, IAuditedMessage
{
    /// <summary>The task: a classifier's own, <c>videoGenerator</c> or <c>datasetAugmenter</c>.</summary>
    [Identifier]
    public required string Task { get; init; }

    /// <summary>Id of the plugin; null takes an earlier choice back.</summary>
    [Identifier]
    public string? PluginId { get; init; }

    string? IAuditedMessage.AuditSubject => PluginId is null ? $"task:{Task}" : $"task:{Task} plugin:{PluginId}";
}

internal sealed class UsePluginHandler(IPluginCatalog catalog) : IRequestHandler<UsePlugin, IReadOnlyList<PluginStatus>>
{
    public async Task<IReadOnlyList<PluginStatus>> Handle(UsePlugin request, CancellationToken cancellationToken)
    {
        await catalog.UseAsync(request.Task, request.PluginId, cancellationToken).ConfigureAwait(false);
        return catalog.List();
    }
}
