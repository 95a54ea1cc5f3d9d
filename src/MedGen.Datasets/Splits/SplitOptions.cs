namespace MedGen.Datasets.Splits;

/// <summary>How a data set without a split of its own is split.</summary>
public sealed record SplitOptions
{
    /// <summary>Seed of the split.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Share of each class's patients for validation, 0 to 0.5; at least one where the class has three. Default 0.15.</summary>
    public double Validation { get; init; } = 0.15;

    /// <summary>Share of each class's patients for the test, above 0, at most 0.5; at least one. Default 0.2.</summary>
    public double Test { get; init; } = 0.2;

    /// <summary>Whether clips without a patient may be split one by one, because somebody says that no patient has two. Default: no.</summary>
    public bool NoGroups { get; init; }
}
