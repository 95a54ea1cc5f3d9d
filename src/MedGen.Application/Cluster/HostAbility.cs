using System.Text.Json.Serialization;

namespace MedGen.Application.Cluster;

/// <summary>What a host can generate, as it told last. Members may be added, and never change their meaning.</summary>
public sealed record HostAbility
{
    /// <summary>Name of the resident model; null: it has none.</summary>
    public string? Model { get; init; }

    /// <summary>Whether a model is on its way, of which the host cannot tell anything yet.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsLoading { get; init; }

    /// <summary>Hash of the resident model; null: it has none.</summary>
    public string? ModelHash { get; init; }

    /// <summary>Device of the model, for instance <c>cuda:0</c>; null: it has no model.</summary>
    public string? Device { get; init; }

    /// <summary>Number type of the model's arithmetic; null: it has no model.</summary>
    public string? DataType { get; init; }

    /// <summary>
    /// Names of the adapters that it can load, a tenant's own as <c>TENANT/NAME</c>; null: not told, for there are more than
    /// <see cref="MostAdapters"/>.
    /// </summary>
    public IReadOnlyList<string>? Adapters { get; init; }

    /// <summary>Names of the adapters that are on its device.</summary>
    public IReadOnlyList<string> WarmAdapters { get; init; } = [];

    /// <summary>Bytes that there are beside the weights: the most that one clip can take.</summary>
    public long RoomBytes { get; init; }

    /// <summary>Bytes of these that nothing takes now.</summary>
    public long FreeBytes { get; init; }

    /// <summary>Predicted seconds of a denoising step of the model's default clip; null: none has been measured.</summary>
    public double? StepSeconds { get; init; }

    /// <summary>Number of adapters from which on they are not told.</summary>
    public const int MostAdapters = 1000;
}
