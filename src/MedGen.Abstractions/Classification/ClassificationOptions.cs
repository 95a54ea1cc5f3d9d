namespace MedGen.Abstractions.Classification;

/// <summary>How a caller wants a clip to be classified.</summary>
public sealed record ClassificationOptions
{
    /// <summary>No wishes: the classifier's defaults.</summary>
    public static ClassificationOptions Default { get; } = new();

    /// <summary>Parameters of the classifier by name, numbers in invariant notation; each classifier documents its own and refuses others.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();
}
