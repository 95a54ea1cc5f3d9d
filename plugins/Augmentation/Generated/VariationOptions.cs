using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MedGen.Sdk.Errors;

namespace MedGen.Plugins.Augmentation.Generated;

/// <summary>Options of the method <c>variation</c>.</summary>
internal sealed record VariationOptions : PromptedOptions
{
    [Range(0.01, 1.0), Description("Smallest share of the way back to noise that a source is sent.")]
    public double StrengthFrom { get; init; } = 0.4;

    [Range(0.01, 1.0), Description("Largest share, at least the smallest.")]
    public double StrengthTo { get; init; } = 0.8;

    /// <inheritdoc />
    public override void Check(Violations violations)
    {
        base.Check(violations);
        violations.Within("strength_to", StrengthTo, StrengthFrom, 1);
    }
}
