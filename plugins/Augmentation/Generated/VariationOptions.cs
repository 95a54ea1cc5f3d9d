using MedGen.Sdk.Errors;

namespace MedGen.Plugins.Augmentation.Generated;

/// <summary>Options of the method <c>variation</c>.</summary>
internal sealed record VariationOptions : PromptedOptions
{
    /// <summary>Smallest share of the way back to noise that a source is sent, above 0, at most 1. Default 0.4.</summary>
    public double StrengthFrom { get; init; } = 0.4;

    /// <summary>Largest share, at least <see cref="StrengthFrom"/>, at most 1. Default 0.8.</summary>
    public double StrengthTo { get; init; } = 0.8;

    /// <inheritdoc />
    public override void Check(Violations violations)
    {
        base.Check(violations);
        violations.Within("strength_from", StrengthFrom, 0.01, 1);
        violations.Within("strength_to", StrengthTo, Math.Max(0.01, StrengthFrom), 1);
    }
}
