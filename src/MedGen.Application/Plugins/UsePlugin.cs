using MedGen.Application.Auditing;
using MedGen.Application.Validation;
using MediatR;

namespace MedGen.Application.Plugins;

/// <summary>Chooses the plugin that serves a task when a request names none. Survives a restart.</summary>
public sealed record UsePlugin : IRequest<IReadOnlyList<PluginStatus>>, IAuditedMessage
{
    /// <summary>The kind of work without its version: <c>analysis</c>, <c>generation</c> or <c>augmentation</c>.</summary>
    [Identifier]
    public required string Capability { get; init; }

    /// <summary>Task of an analyzer; null for kinds without tasks.</summary>
    [Identifier]
    public string? Task { get; init; }

    /// <summary>Id of the plugin; null takes an earlier choice back.</summary>
    [Identifier]
    public string? PluginId { get; init; }

    string? IAuditedMessage.AuditSubject =>
        $"capability:{Capability}{(Task is null ? "" : $"/{Task}")}{(PluginId is null ? "" : $" plugin:{PluginId}")}";
}

internal sealed class UsePluginHandler(IPluginCatalog catalog) : IRequestHandler<UsePlugin, IReadOnlyList<PluginStatus>>
{
    public async Task<IReadOnlyList<PluginStatus>> Handle(UsePlugin request, CancellationToken cancellationToken)
    {
        await catalog.UseAsync(request.Capability, request.Task, request.PluginId, cancellationToken).ConfigureAwait(false);
        return catalog.List();
    }
}
