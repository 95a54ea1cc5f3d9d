namespace MedGen.Sdk.Analysis;

/// <summary>Something that an analyzer looks for.</summary>
public sealed record AnalyzerOutput
{
    /// <summary>Name that findings refer to; lower-case letters, digits and hyphens, 1 to 64.</summary>
    public required string Name { get; init; }

    /// <summary>What it says, in a sentence.</summary>
    public required string Description { get; init; }

    /// <summary>What its findings are.</summary>
    public required OutputKind Kind { get; init; }

    /// <summary>The labels that it can give, in the order of the probabilities; none for measurements, texts and artifacts. At most 10,000.</summary>
    public IReadOnlyList<OutputLabel> Labels { get; init; } = [];

    /// <summary>For <see cref="OutputKind.Labels"/>: whether exactly one label holds at a time. Otherwise each holds by itself.</summary>
    public bool Exclusive { get; init; }

    /// <summary>
    /// For exclusive labels: the one that is given when the input is unlike anything known, not one of them; null: it always decides.
    /// </summary>
    public string? AbstentionLabel { get; init; }

    /// <summary>For measurements: unit in UCUM, for instance <c>%</c>, <c>mm</c> or <c>1</c>; null otherwise.</summary>
    public string? Unit { get; init; }

    /// <summary>For measurements: smallest value that can be; null: no limit.</summary>
    public double? Minimum { get; init; }

    /// <summary>For measurements: largest value that can be; null: no limit.</summary>
    public double? Maximum { get; init; }

    /// <summary>What is looked for, as a term of a terminology; null: there is none.</summary>
    public CodedTerm? Code { get; init; }
}

/// <summary>A label of an output.</summary>
public sealed record OutputLabel
{
    /// <summary>The label, 1 to 64 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The same as a term of a terminology; null: there is none.</summary>
    public CodedTerm? Code { get; init; }

    /// <summary>Labels without terms.</summary>
    /// <param name="names">Their names.</param>
    /// <returns>A label for each name, in the same order.</returns>
    public static IReadOnlyList<OutputLabel> Of(params IEnumerable<string> names) => [.. names.Select(name => new OutputLabel { Name = name })];
}
