namespace MedGen.Sdk.Frames;

/// <summary>What the values of a clip in <see cref="FrameFormat.Gray16"/> measure: <c>Slope · value + Intercept</c>.</summary>
public sealed record ValueScale
{
    /// <summary>What one step of a stored value is worth, not 0.</summary>
    public required double Slope { get; init; }

    /// <summary>What the stored value 0 is worth.</summary>
    public required double Intercept { get; init; }

    /// <summary>
    /// Unit in UCUM, for instance <c>[hnsf'U]</c> (Hounsfield units) or <c>Bq/mL</c>; null: the file states none.
    /// </summary>
    public string? Unit { get; init; }

    /// <summary>Least value that the file's bits can have, in the unit.</summary>
    public required double Minimum { get; init; }

    /// <summary>Largest value that the file's bits can have, in the unit.</summary>
    public required double Maximum { get; init; }

    /// <summary>What a stored value measures.</summary>
    /// <param name="stored">The value of a pixel.</param>
    /// <returns>The same in <see cref="Unit"/>.</returns>
    public double Of(ushort stored) => (Slope * stored) + Intercept;
}
