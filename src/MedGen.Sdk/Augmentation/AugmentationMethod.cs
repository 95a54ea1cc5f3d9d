using MedGen.Sdk.Parameters;

namespace MedGen.Sdk.Augmentation;

/// <summary>A method and how it is to be used.</summary>
public sealed record AugmentationMethod
{
    /// <summary>Name of the method.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Its options, a JSON object that keeps the schema of <see cref="AugmentationMethodDescription.OptionsSchema"/>. Default: none.
    /// </summary>
    public string Options { get; init; } = ParameterSchema.NoParameters;

    /// <summary>The options as a record that <see cref="ParameterSchema.Of"/> made the schema of.</summary>
    /// <typeparam name="T">The record.</typeparam>
    /// <returns>The options; what is not given has the record's default.</returns>
    /// <exception cref="Errors.InvalidInputException">The text is no JSON of this record.</exception>
    public T ReadOptions<T>()
        where T : class => ParameterSchema.Read<T>(Options);
}
