namespace MedGen.Model.Verification;

/// <summary>One comparison with the reference.</summary>
public sealed record VerificationRecord
{
    /// <summary>Part of the model, for instance <c>transformer</c>.</summary>
    public required string Part { get; init; }

    /// <summary>What was compared, for instance <c>a.out0 [model.safetensors]</c>.</summary>
    public required string Case { get; init; }

    /// <summary>
    /// Largest absolute difference, of token ids the number of places that differ; null when it could not be computed or is not finite.
    /// </summary>
    public required double? MaxAbsDiff { get; init; }

    /// <summary>Largest difference that passes; 0: must be equal.</summary>
    public required double Tolerance { get; init; }

    /// <summary>Whether the difference is within the tolerance; true also for what was not compared, see <see cref="Skipped"/>.</summary>
    public required bool Passed { get; init; }

    /// <summary>Whether nothing was compared: the fixture holds a tensor of a name that says nothing here.</summary>
    public bool Skipped { get; init; }

    /// <summary>Why it failed or was skipped; empty when it passed.</summary>
    public string Message { get; init; } = "";
}
