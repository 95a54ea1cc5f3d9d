using System.ComponentModel.DataAnnotations;

namespace MedGen.Sdk.Generation;

/// <summary>Options that the generator of the Wan family has and others do not.</summary>
public sealed record WanOptions
{
    /// <summary>Timestep shift of the flow schedule, above 0, at most 30; null: the model's default.</summary>
    [Range(0.0, 30.0, MinimumIsExclusive = true)]
    public double? Shift { get; init; }

    /// <summary>How the flow is integrated.</summary>
    [EnumDataType(typeof(GenerationScheduler))]
    public GenerationScheduler Scheduler { get; init; } = GenerationScheduler.UniPC;

    /// <summary>
    /// Guidance scale of the low-noise expert of a model with two (Wan 2.2 A14B), 0 to 30; null: as the request's guidance scale, which is the
    /// high-noise expert's. Other models take none.
    /// </summary>
    [Range(0.0, 30.0)]
    public double? LowNoiseGuidanceScale { get; init; }

    /// <summary>Shortcuts that change the frames; null: none.</summary>
    public GenerationAcceleration? Acceleration { get; init; }

    /// <summary>Name of an adapter (LoRA) of the host; null: the model as it is, or with <see cref="Adapters"/>.</summary>
    public string? Adapter { get; init; }

    /// <summary>With <see cref="Adapter"/>: how much of it is added, −4 to 4; 1 as it was trained.</summary>
    [Range(-GenerationLimits.MaxAdapterStrength, GenerationLimits.MaxAdapterStrength)]
    public double AdapterScale { get; init; } = 1;

    /// <summary>Several adapters at once, at most 8, each named once; their changes add up. Not beside <see cref="Adapter"/>.</summary>
    [MaxLength(GenerationLimits.MaxAdapters)]
    public IReadOnlyList<AdapterUse> Adapters { get; init; } = [];

    /// <summary>All adapters, however they were named.</summary>
    /// <returns>None, the one of <see cref="Adapter"/>, or <see cref="Adapters"/>.</returns>
    public IReadOnlyList<AdapterUse> AdaptersInUse() =>
        Adapter is { } name ? [new AdapterUse { Name = name, Strength = AdapterScale }] : Adapters;
}
