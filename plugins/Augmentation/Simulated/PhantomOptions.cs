using MedGen.Sdk.Errors;
using MedGen.Plugins.Augmentation.Options;

namespace MedGen.Plugins.Augmentation.Simulated;

/// <summary>Options of the method <c>phantom</c>.</summary>
internal sealed record PhantomOptions : IMethodOptions
{
    /// <summary>Kind of simulator; <c>medgen phantom list</c> names them.</summary>
    public required string Kind { get; init; }

    /// <summary>Parameters to fix in every clip, by name; the others are drawn.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// For each class of the data set, the parameters that make a simulated clip belong to it. A class that is not named cannot be simulated.
    /// </summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Classes { get; init; }

    /// <inheritdoc />
    public void Check(Violations violations) => violations.Require(Classes.Count > 0, "classes", $"got none", $"one or more");
}
