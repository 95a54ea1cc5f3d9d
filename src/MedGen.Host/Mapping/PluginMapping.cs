using MedGen.Sdk.Plugins;
using MedGen.Application.Plugins;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Mapping;

internal static class PluginMapping
{
    public static Proto.Plugin ToProto(this PluginStatus plugin) => new()
    {
        PluginId = plugin.Id,
        Version = plugin.Version,
        Name = plugin.Name,
        Description = plugin.Description,
        Publisher = plugin.Publisher,
        Sdk = plugin.Sdk,
        Capabilities = { plugin.Capabilities.Select(ToProto) },
        State = plugin.State.ToProto(),
        Reason = plugin.Reason ?? "",
        DefaultFor = { plugin.DefaultFor },
        CallsInFlight = plugin.CallsInFlight,
        Since = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(plugin.Since),
    };

    private static Proto.PluginCapability ToProto(PluginCapability capability) =>
        new() { Kind = capability.Kind.ToProto(), Task = capability.Task ?? "" };

    private static Proto.PluginCapabilityKind ToProto(this PluginCapabilityKind kind) =>
        Namesakes<PluginCapabilityKind, Proto.PluginCapabilityKind>.Of(kind);

    private static Proto.PluginState ToProto(this PluginState state) => Namesakes<PluginState, Proto.PluginState>.Of(state);
}
