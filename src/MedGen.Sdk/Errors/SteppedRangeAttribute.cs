using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace MedGen.Sdk.Errors;

/// <summary>A whole number in a closed range, a whole number of steps above its smallest value, such as 1, 5, 9, …, 257; or null.</summary>
/// <param name="min">The smallest allowed.</param>
/// <param name="max">The largest allowed, a whole number of steps above <paramref name="min"/>.</param>
/// <param name="step">The step, at least 1.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SteppedRangeAttribute(int min, int max, int step) : ValidationAttribute
{
    /// <summary>The smallest allowed.</summary>
    public int Min { get; } = min;

    /// <summary>The largest allowed.</summary>
    public int Max { get; } = max;

    /// <summary>The step.</summary>
    public int Step { get; } = step;

    /// <inheritdoc />
    public override bool IsValid(object? value) =>
        value is null || (value is int number && number >= Min && number <= Max && (number - Min) % Step == 0);

    /// <inheritdoc />
    public override string FormatErrorMessage(string name) =>
        string.Create(CultureInfo.InvariantCulture, $"{Min}, {Min + Step}, {Min + (2 * Step)}, …, {Max}");
}
