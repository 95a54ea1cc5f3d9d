using System.Text.Json.Serialization;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;

namespace MedGen.Application.Artifacts;

/// <summary>An adapter in the provenance of a clip.</summary>
public sealed record AdapterRecord
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of its file, lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>How much of it was added, −4 to 4.</summary>
    public required double Strength { get; init; }

    /// <summary>How much of it was added to the low-noise expert; null: the same, or it does not change that one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? LowNoiseStrength { get; init; }

    /// <summary>Which of two experts it changed; null: there is one transformer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), JsonConverter(typeof(JsonStringEnumConverter<AdapterExpert>))]
    public AdapterExpert? Expert { get; init; }

    internal static AdapterRecord Of(AdapterUse use, AdapterDescription adapter) => new()
    {
        Name = use.Name,
        Sha256 = adapter.Sha256,
        Strength = use.Strength,
        LowNoiseStrength = use.LowNoiseStrength,
        Expert = use.Expert ?? adapter.Expert,
    };
}
