namespace MedGen.Phantoms;

/// <summary>A parameter that a caller may fix: a number within a range, or one of some words.</summary>
public sealed record PhantomParameter
{
    /// <summary>Name, for instance <c>ejection-fraction</c>: lower case, words joined by hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>What it means, with its unit.</summary>
    public required string Description { get; init; }

    /// <summary>Least value of a number.</summary>
    public double Minimum { get; init; }

    /// <summary>Greatest value of a number.</summary>
    public double Maximum { get; init; }

    /// <summary>Whether a number is a whole one.</summary>
    public bool IsInteger { get; init; }

    /// <summary>The words that are allowed; empty for a number.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>A number within a range.</summary>
    /// <param name="name">Name of the parameter.</param>
    /// <param name="description">What it means, with its unit.</param>
    /// <param name="minimum">Least value.</param>
    /// <param name="maximum">Greatest value.</param>
    /// <returns>The parameter.</returns>
    public static PhantomParameter Number(string name, string description, double minimum, double maximum) =>
        new() { Name = name, Description = description, Minimum = minimum, Maximum = maximum };

    /// <summary>A whole number within a range.</summary>
    /// <param name="name">Name of the parameter.</param>
    /// <param name="description">What it means, with its unit.</param>
    /// <param name="minimum">Least value.</param>
    /// <param name="maximum">Greatest value.</param>
    /// <returns>The parameter.</returns>
    public static PhantomParameter Integer(string name, string description, int minimum, int maximum) =>
        new() { Name = name, Description = description, Minimum = minimum, Maximum = maximum, IsInteger = true };

    /// <summary>One of some words.</summary>
    /// <param name="name">Name of the parameter.</param>
    /// <param name="description">What it means.</param>
    /// <param name="words">The words that are allowed.</param>
    /// <returns>The parameter.</returns>
    public static PhantomParameter Word(string name, string description, params IReadOnlyList<string> words) =>
        new() { Name = name, Description = description, Words = words };
}
