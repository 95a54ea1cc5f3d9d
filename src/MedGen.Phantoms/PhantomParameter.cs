namespace MedGen.Phantoms;

/// <summary>A parameter that a caller may fix: a number within a range, or one of some words.</summary>
public sealed record PhantomParameter
{
    /// <summary>Name, for instance <c>ejection-fraction</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it means, with its unit.</summary>
    public required string Description { get; init; }

    /// <summary>Least value of a number.</summary>
    public double Minimum { get; init; }

    /// <summary>Greatest value of a number.</summary>
    public double Maximum { get; init; }

    /// <summary>The words that are allowed; empty for a number.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];
}
