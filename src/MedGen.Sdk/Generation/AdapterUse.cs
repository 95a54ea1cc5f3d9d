using System.ComponentModel.DataAnnotations;

namespace MedGen.Sdk.Generation;

/// <summary>An adapter (LoRA) in a request, and how much of it is added.</summary>
public sealed record AdapterUse
{
    /// <summary>Name of an adapter of the host.</summary>
    [Required]
    public required string Name { get; init; }

    /// <summary>How much of it is added, −4 to 4; 1 as it was trained. Of a file for both experts: its part for the high-noise one.</summary>
    [Range(-GenerationLimits.MaxAdapterStrength, GenerationLimits.MaxAdapterStrength)]
    public double Strength { get; init; } = 1;

    /// <summary>
    /// How much is added to the low-noise expert of a model with two, −4 to 4; null: as <see cref="Strength"/>. Only where it changes both.
    /// </summary>
    [Range(-GenerationLimits.MaxAdapterStrength, GenerationLimits.MaxAdapterStrength)]
    public double? LowNoiseStrength { get; init; }

    /// <summary>
    /// Which of two experts it changes; null: what the file says, by keys for both (<c>transformer_2.</c>) or the word <c>high</c> or <c>low</c> in
    /// its name. Models with one transformer take none.
    /// </summary>
    [EnumDataType(typeof(AdapterExpert))]
    public AdapterExpert? Expert { get; init; }
}
