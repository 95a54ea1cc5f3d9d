using MedGen.Sdk.Errors;

namespace MedGen.Sdk.Classification;

/// <summary>How a caller wants a clip to be classified.</summary>
public sealed record ClassificationOptions
{
    /// <summary>No wishes: the classifier's defaults.</summary>
    public static ClassificationOptions Default { get; } = new();

    /// <summary>Parameters of the classifier by name, numbers in invariant notation; each classifier documents its own and refuses others.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>For a classifier that takes no parameters.</summary>
    /// <exception cref="InvalidInputException">There is one; the field is <c>parameters.NAME</c>.</exception>
    public void RequireNoParameters()
    {
        Violations violations = new();
        foreach (string name in Parameters.Keys)
        {
            violations.Add($"parameters.{name}", $"is given", $"none, as this classifier takes no parameters");
        }

        violations.ThrowIfAny();
    }
}
