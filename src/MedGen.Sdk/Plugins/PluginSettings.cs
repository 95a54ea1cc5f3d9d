using MedGen.Sdk.Parameters;

namespace MedGen.Sdk.Plugins;

/// <summary>What an operator can set of a plugin, and which secrets it takes.</summary>
public sealed record PluginSettings
{
    /// <summary>Nothing can be set, and no secrets are taken.</summary>
    public static PluginSettings None { get; } = new();

    /// <summary>JSON Schema of an object; <see cref="ParameterSchema.Of"/> makes it from a record. Default: nothing can be set.</summary>
    public string Schema { get; init; } = ParameterSchema.None;

    /// <summary>Secrets that it takes, such as a licence key. Default: none.</summary>
    public IReadOnlyList<PluginSecretDescription> Secrets { get; init; } = [];
}
