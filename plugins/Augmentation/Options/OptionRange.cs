using System.Globalization;
using MedGen.Abstractions.Errors;

namespace MedGen.Plugins.Augmentation.Options;

/// <summary>Checks numbers.</summary>
internal static class OptionRange
{
    /// <summary>A violation when the value is there and not in the closed range; NaN is in none.</summary>
    public static IEnumerable<FieldViolation> Violations(string field, double? value, double least, double most) => value is null || (value >= least && value <= most)
        ? []
        : [new FieldViolation(field, string.Create(CultureInfo.InvariantCulture, $"got {value}; {least} to {most} is allowed."))];
}
