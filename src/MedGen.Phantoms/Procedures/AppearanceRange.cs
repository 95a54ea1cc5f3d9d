using MedGen.Sdk.Errors;

namespace MedGen.Phantoms.Procedures;

/// <summary>
/// A named part of the space of appearances. Each of the scales that make one theatre look different from another (colour temperature, exposure,
/// saturation, tissue hue, zoom, roll of the camera, shape of the anatomy) is cut into disjoint intervals, so that two ranges never share a value of
/// any of them.
/// </summary>
public sealed class AppearanceRange
{
    private readonly (double Low, double High)[] _intervals;

    private AppearanceRange(string name, params (double Low, double High)[] intervals)
    {
        Name = name;
        _intervals = intervals;
    }

    /// <summary>For training: 0.20 to 0.80 of each scale.</summary>
    public static AppearanceRange Train { get; } = new("train", (0.2, 0.8));

    /// <summary>For validation: 0.10 to 0.18 and 0.82 to 0.90 of each scale.</summary>
    public static AppearanceRange Validation { get; } = new("validation", (0.1, 0.18), (0.82, 0.9));

    /// <summary>For tests: 0.02 to 0.08 and 0.92 to 0.98 of each scale.</summary>
    public static AppearanceRange Test { get; } = new("test", (0.02, 0.08), (0.92, 0.98));

    /// <summary>Named ranges.</summary>
    public static IReadOnlyList<AppearanceRange> All { get; } = [Train, Validation, Test];

    /// <summary>The whole of each scale, for clips that are not split.</summary>
    internal static AppearanceRange Whole { get; } = new("whole", (0, 1));

    /// <summary>Name: <c>train</c>, <c>validation</c> or <c>test</c>.</summary>
    public string Name { get; }

    /// <summary>Finds a range.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The range.</returns>
    /// <exception cref="InvalidInputException">There is none of that name.</exception>
    public static AppearanceRange Named(string name) =>
        All.FirstOrDefault(r => r.Name == name)
        ?? throw new InvalidInputException("appearance", $"must be one of {string.Join(", ", All.Select(r => r.Name))}, got '{name}'.");

    /// <summary>A position on a scale from 0 to 1 that belongs to this range, uniform over its intervals.</summary>
    /// <param name="random">The generator.</param>
    /// <returns>The position.</returns>
    public double Draw(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        (double low, double high) = _intervals[random.Next(_intervals.Length)];
        return low + (random.NextDouble() * (high - low));
    }

    /// <summary>Whether the position belongs to this range.</summary>
    /// <param name="position">0 to 1.</param>
    /// <returns>True if it does.</returns>
    public bool Contains(double position) => _intervals.Any(i => position >= i.Low && position < i.High);
}
