using MedGen.Abstractions.Plugins;
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
        CallsInFlight = plugin.CallsInFlight,
        Since = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(plugin.Since),
    };

    private static Proto.PluginCapability ToProto(PluginCapability capability) =>
        new() { Kind = capability.Kind.ToProto(), Task = capability.Task ?? "" };

    private static Proto.PluginCapabilityKind ToProto(this PluginCapabilityKind kind) => kind switch
    {
        PluginCapabilityKind.VideoGenerator => Proto.PluginCapabilityKind.VideoGenerator,
        PluginCapabilityKind.VideoClassifier => Proto.PluginCapabilityKind.VideoClassifier,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static Proto.PluginState ToProto(this PluginState state) => state switch
    {
        PluginState.Discovered => Proto.PluginState.Discovered,
        PluginState.Checked => Proto.PluginState.Checked,
        PluginState.Loaded => Proto.PluginState.Loaded,
        PluginState.Active => Proto.PluginState.Active,
        PluginState.Draining => Proto.PluginState.Draining,
        PluginState.Unloaded => Proto.PluginState.Unloaded,
        PluginState.Disabled => Proto.PluginState.Disabled,
        PluginState.Rejected => Proto.PluginState.Rejected,
        PluginState.Malfunctioned => Proto.PluginState.Malfunctioned,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };
}
