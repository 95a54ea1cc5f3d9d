using MedGen.Sdk.Errors;

namespace MedGen.Application.Plugins;

/// <summary>All plugins of the host: where they stand, and their services on loan.</summary>
public interface IPluginCatalog
{
    /// <summary>Borrows a service from an active plugin.</summary>
    /// <typeparam name="T">Contract of the service, for instance <c>IVideoAnalyzer</c>.</typeparam>
    /// <param name="kind">Kind of work, one of <c>CapabilityKinds</c>.</param>
    /// <param name="task">Task of an analyzer; null for kinds without tasks.</param>
    /// <param name="pluginId">
    /// The plugin; null: the one chosen for the work, or the platform's own where none is, or the only active one that can do it where the platform
    /// has none.
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The service; disposing the lease gives it back.</returns>
    /// <exception cref="ResourceNotFoundException">There is no plugin with that id.</exception>
    /// <exception cref="FailedPreconditionException">
    /// The plugin, named or meant, is not active; no active plugin can do this work; or several can and none is chosen.
    /// </exception>
    Task<PluginLease<T>> AcquireAsync<T>(string kind, string? task, string? pluginId, CancellationToken cancellationToken)
        where T : class;

    /// <summary>All plugins, by id.</summary>
    /// <returns>A snapshot.</returns>
    IReadOnlyList<PluginStatus> List();

    /// <summary>One plugin.</summary>
    /// <param name="pluginId">Its id.</param>
    /// <returns>A snapshot.</returns>
    /// <exception cref="ResourceNotFoundException">There is no plugin with that id.</exception>
    PluginStatus GetStatus(string pluginId);

    /// <summary>
    /// Looks at the plugin's folder again and loads the newest version beside the old one; when that works, new calls go to it, the old one
    /// drains and is unloaded. When it does not work, the old one stays.
    /// </summary>
    /// <param name="pluginId">Its id; a folder that was not there before is found too.</param>
    /// <param name="cancellationToken">Gives up before the switch; has no effect after it.</param>
    /// <returns>Where the plugin stands afterwards.</returns>
    /// <exception cref="ResourceNotFoundException">There is no plugin with that id.</exception>
    /// <exception cref="FailedPreconditionException">The new version cannot be loaded; the message says why.</exception>
    Task<PluginStatus> ReloadAsync(string pluginId, CancellationToken cancellationToken);

    /// <summary>Turns a disabled or quarantined plugin on again; no change when it is active.</summary>
    /// <param name="pluginId">Its id.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Where the plugin stands afterwards.</returns>
    /// <exception cref="ResourceNotFoundException">There is no plugin with that id.</exception>
    /// <exception cref="FailedPreconditionException">The plugin cannot be loaded; the message says why.</exception>
    Task<PluginStatus> EnableAsync(string pluginId, CancellationToken cancellationToken);

    /// <summary>Turns a plugin off: it drains and is unloaded. No change when it is disabled.</summary>
    /// <param name="pluginId">Its id.</param>
    /// <param name="cancellationToken">Stops waiting for the drain; the plugin stays off.</param>
    /// <returns>Where the plugin stands afterwards.</returns>
    /// <exception cref="ResourceNotFoundException">There is no plugin with that id.</exception>
    Task<PluginStatus> DisableAsync(string pluginId, CancellationToken cancellationToken);

    /// <summary>Chooses the plugin that serves a task when a request names none; kept over a restart.</summary>
    /// <param name="capability">A kind of work without its version: <c>analysis</c>, <c>generation</c> or <c>augmentation</c>.</param>
    /// <param name="task">Task of an analyzer; null for kinds without tasks.</param>
    /// <param name="pluginId">Id of an active plugin that can do it; null takes an earlier choice back.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Completes when the choice counts.</returns>
    /// <exception cref="ResourceNotFoundException">There is no plugin with that id.</exception>
    /// <exception cref="InvalidInputException">There is no such kind, or a task is missing or too much.</exception>
    /// <exception cref="FailedPreconditionException">The plugin is not active, or cannot do it.</exception>
    Task UseAsync(string capability, string? task, string? pluginId, CancellationToken cancellationToken);

    /// <summary>Removes what a plugin keeps in its data folder.</summary>
    /// <param name="pluginId">Id of a plugin of which no version is loaded; it need not be installed any more.</param>
    /// <param name="cancellationToken">Gives up before anything is removed.</param>
    /// <returns>Bytes that were removed.</returns>
    /// <exception cref="ResourceNotFoundException">There is no plugin with that id, and no data of one.</exception>
    /// <exception cref="FailedPreconditionException">A version of it is loaded.</exception>
    Task<long> EraseDataAsync(string pluginId, CancellationToken cancellationToken);
}
