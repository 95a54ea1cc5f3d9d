using MedGen.Protos.V1;

namespace MedGen.Client;

/// <summary>What vendors added to the host.</summary>
public sealed class PluginsClient
{
    private readonly Plugins.PluginsClient _rpc;

    internal PluginsClient(Plugins.PluginsClient rpc) => _rpc = rpc;

    /// <summary>All plugins that were found, also those that were refused.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The plugins by id.</returns>
    public async Task<IReadOnlyList<Plugin>> ListAsync(CancellationToken cancellationToken = default) =>
        (
            await RpcCalls.AnswerAsync(_rpc.ListPluginsAsync(new ListPluginsRequest(), cancellationToken: cancellationToken), cancellationToken)
                .ConfigureAwait(false)).Plugins;

    /// <summary>One plugin.</summary>
    /// <param name="pluginId">Its id.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The plugin.</returns>
    /// <exception cref="MedGenRpcException">There is no such plugin.</exception>
    public Task<Plugin> GetAsync(string pluginId, CancellationToken cancellationToken = default) =>
        RpcCalls.AnswerAsync(
            _rpc.GetPluginAsync(new GetPluginRequest { PluginId = pluginId }, cancellationToken: cancellationToken), cancellationToken);

    /// <summary>What a plugin takes and gives.</summary>
    /// <param name="pluginId">Its id.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Inputs, outputs, parameters and weights of its analyzers.</returns>
    /// <exception cref="MedGenRpcException">There is no such plugin, or it is not active.</exception>
    public Task<PluginDescription> DescribeAsync(string pluginId, CancellationToken cancellationToken = default) =>
        RpcCalls.AnswerAsync(
            _rpc.DescribePluginAsync(new DescribePluginRequest { PluginId = pluginId }, cancellationToken: cancellationToken), cancellationToken);

    /// <summary>Loads the newest version and switches to it; no request fails meanwhile.</summary>
    /// <param name="pluginId">Its id.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The plugin as it then is.</returns>
    /// <exception cref="MedGenRpcException">There is no such plugin, or its new version is refused.</exception>
    public Task<Plugin> ReloadAsync(string pluginId, CancellationToken cancellationToken = default) =>
        RpcCalls.AnswerAsync(
            _rpc.ReloadPluginAsync(new ReloadPluginRequest { PluginId = pluginId }, cancellationToken: cancellationToken), cancellationToken);

    /// <summary>Chooses the plugin that serves a task when a request names none; kept over a restart of the host.</summary>
    /// <param name="capability">A kind of work: <c>analysis</c>, <c>generation</c> or <c>augmentation</c>.</param>
    /// <param name="task">Task of an analyzer; null for kinds without tasks.</param>
    /// <param name="pluginId">Id of the plugin; null takes an earlier choice back.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>All plugins as they then are.</returns>
    /// <exception cref="MedGenRpcException">There is no such plugin, it is not active, or it does not offer the task.</exception>
    public async Task<IReadOnlyList<Plugin>> UseAsync(
        string capability, string? task, string? pluginId, CancellationToken cancellationToken = default)
    {
        UsePluginRequest request = new() { Capability = capability, Task = task ?? "", PluginId = pluginId ?? "" };
        ListPluginsResponse plugins = await RpcCalls.AnswerAsync(
            _rpc.UsePluginAsync(request, cancellationToken: cancellationToken), cancellationToken).ConfigureAwait(false);
        return plugins.Plugins;
    }

    /// <summary>Takes a disabled plugin into use again.</summary>
    /// <param name="pluginId">Its id.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The plugin as it then is.</returns>
    /// <exception cref="MedGenRpcException">There is no such plugin, or it is refused.</exception>
    public Task<Plugin> EnableAsync(string pluginId, CancellationToken cancellationToken = default) =>
        RpcCalls.AnswerAsync(
            _rpc.EnablePluginAsync(new EnablePluginRequest { PluginId = pluginId }, cancellationToken: cancellationToken), cancellationToken);

    /// <summary>Takes a plugin out of use; it is unloaded when its calls have ended.</summary>
    /// <param name="pluginId">Its id.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The plugin as it then is.</returns>
    /// <exception cref="MedGenRpcException">There is no such plugin.</exception>
    public Task<Plugin> DisableAsync(string pluginId, CancellationToken cancellationToken = default) =>
        RpcCalls.AnswerAsync(
            _rpc.DisablePluginAsync(new DisablePluginRequest { PluginId = pluginId }, cancellationToken: cancellationToken), cancellationToken);

    /// <summary>Removes what a plugin keeps in its data folder.</summary>
    /// <param name="pluginId">Id of a plugin that is turned off, or not installed any more.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Bytes that were removed.</returns>
    /// <exception cref="MedGenRpcException">There is no such plugin, or a version of it is loaded.</exception>
    public async Task<long> EraseDataAsync(string pluginId, CancellationToken cancellationToken = default)
    {
        ErasePluginDataRequest request = new() { PluginId = pluginId };
        ErasePluginDataResponse answer = await RpcCalls.AnswerAsync(
            _rpc.ErasePluginDataAsync(request, cancellationToken: cancellationToken), cancellationToken).ConfigureAwait(false);
        return answer.Bytes;
    }
}
