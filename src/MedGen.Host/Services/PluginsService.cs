using Grpc.Core;
using MedGen.Application.Plugins;
using MedGen.Host.Mapping;
using MediatR;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Services;

internal sealed class PluginsService(ISender sender) : Proto.Plugins.PluginsBase
{
    public override async Task<Proto.ListPluginsResponse> ListPlugins(Proto.ListPluginsRequest request, ServerCallContext context)
    {
        IReadOnlyList<PluginStatus> plugins = await sender.Send(new ListPlugins(), context.CancellationToken).ConfigureAwait(false);
        return ToProto(plugins);
    }

    public override async Task<Proto.ListPluginsResponse> UsePlugin(Proto.UsePluginRequest request, ServerCallContext context)
    {
        UsePlugin message = new() { Capability = request.Capability, Task = request.Task.NullIfEmpty(), PluginId = request.PluginId.NullIfEmpty() };
        return ToProto(await sender.Send(message, context.CancellationToken).ConfigureAwait(false));
    }

    public override async Task<Proto.ErasePluginDataResponse> ErasePluginData(Proto.ErasePluginDataRequest request, ServerCallContext context)
    {
        ErasePluginData message = new() { PluginId = request.PluginId };
        return new() { Bytes = await sender.Send(message, context.CancellationToken).ConfigureAwait(false) };
    }

    public override Task<Proto.Plugin> GetPlugin(Proto.GetPluginRequest request, ServerCallContext context) =>
        SendAsync(new GetPlugin { PluginId = request.PluginId }, context);

    public override async Task<Proto.PluginDescription> DescribePlugin(Proto.DescribePluginRequest request, ServerCallContext context)
    {
        DescribePlugin message = new() { PluginId = request.PluginId };
        return (await sender.Send(message, context.CancellationToken).ConfigureAwait(false)).ToProto();
    }

    public override Task<Proto.Plugin> ReloadPlugin(Proto.ReloadPluginRequest request, ServerCallContext context) =>
        SendAsync(new ReloadPlugin { PluginId = request.PluginId }, context);

    public override Task<Proto.Plugin> EnablePlugin(Proto.EnablePluginRequest request, ServerCallContext context) =>
        SendAsync(new EnablePlugin { PluginId = request.PluginId }, context);

    public override Task<Proto.Plugin> DisablePlugin(Proto.DisablePluginRequest request, ServerCallContext context) =>
        SendAsync(new DisablePlugin { PluginId = request.PluginId }, context);

    private static Proto.ListPluginsResponse ToProto(IReadOnlyList<PluginStatus> plugins) =>
        new() { Plugins = { plugins.Select(plugin => plugin.ToProto()) } };

    private async Task<Proto.Plugin> SendAsync(IRequest<PluginStatus> message, ServerCallContext context)
    {
        PluginStatus plugin = await sender.Send(message, context.CancellationToken).ConfigureAwait(false);
        return plugin.ToProto();
    }
}
