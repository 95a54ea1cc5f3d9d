namespace MedGen.Sdk.Augmentation;

/// <summary>A method and how it is to be used.</summary>
public sealed record AugmentationMethod
{
    /// <summary>Name of the method.</summary>
    public required string Name { get; init; }

    /// <summary>Its options as a JSON object with snake_case names; only the augmenter knows them. Default: none.</summary>
    public string Options { get; init; } = "{}";
}
