using MedGen.Sdk.Parameters;

namespace MedGen.Sdk.Augmentation;

/// <summary>One way to make clips that an augmenter offers.</summary>
public sealed record AugmentationMethodDescription
{
    /// <summary>Name in a specification, for instance <c>classic</c>: lower-case letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, in a sentence.</summary>
    public required string Description { get; init; }

    /// <summary>Where the pixels come from; decides which filters apply and how files are marked.</summary>
    public required ClipOrigin Origin { get; init; }

    /// <summary>
    /// JSON Schema (2020-12) of its options; see <see cref="ParameterSchema.Of"/>. The host checks them before a job exists, and callers can read
    /// it. Default: any, as only <see cref="IDatasetAugmenter.ValidateAsync"/> knows them; <see cref="ParameterSchema.None"/> says that there are
    /// none.
    /// </summary>
    public string OptionsSchema { get; init; } = ParameterSchema.Any;
}
