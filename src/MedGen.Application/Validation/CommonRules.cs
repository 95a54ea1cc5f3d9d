using FluentValidation;

namespace MedGen.Application.Validation;

/// <summary>Rules that several messages share. Their words name what was got and what is allowed; texts of callers are never repeated.</summary>
internal static class CommonRules
{
    private const string IdMessage = "Must have 1 to 200 characters: letters, digits, '.', '-' and '_'.";

    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(7);

    /// <summary>
    /// An id of anything: 1 to 200 letters, digits, dots, hyphens and underscores. Whether it exists is found out later. Ids go into the audit log, so a
    /// caller must not be able to write anything else there.
    /// </summary>
    public static IRuleBuilderOptions<T, string?> Id<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(id => id is null || IsId(id)).WithMessage(IdMessage);

    /// <summary>An id that must be there.</summary>
    public static IRuleBuilderOptions<T, string?> RequiredId<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(id => id is not null && IsId(id)).WithMessage(IdMessage);

    /// <summary>A name that people have given, such as a caller's or a model's.</summary>
    public static IRuleBuilderOptions<T, string?> Name<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(name => name is null || (name.Length is >= 1 and <= 200 && !name.Any(char.IsControl)))
            .WithMessage("Must have 1 to 200 characters, none of them a control character.");

    public static IRuleBuilderOptions<T, TimeSpan?> Timeout<T>(this IRuleBuilder<T, TimeSpan?> rule) =>
        rule.Must(timeout => timeout is null || (timeout > TimeSpan.Zero && timeout <= LongestTimeout))
            .WithMessage("Got {PropertyValue}; must be above 0 s and at most 7 days.");

    public static IRuleBuilderOptions<T, string?> IdempotencyKey<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(key => key is null || (key.Length is >= 1 and <= 128 && key.All(c => c is >= ' ' and <= '~')))
            .WithMessage("Must have 1 to 128 printable ASCII characters.");

    /// <summary>Parameters that only the classifier can check further.</summary>
    public static IRuleBuilderOptions<T, IReadOnlyDictionary<string, string>?> ClassifierParameters<T>(
        this IRuleBuilder<T, IReadOnlyDictionary<string, string>?> rule) =>
        rule.Must(parameters => parameters is null || (parameters.Count <= 32 && parameters.All(p => p.Key.Length is >= 1 and <= 64 && p.Value.Length <= 256)))
            .WithMessage("Must be at most 32, with names of 1 to 64 and values of up to 256 characters.");

    /// <summary>A number in a closed range, or none; NaN is in none.</summary>
    public static IRuleBuilderOptions<T, double?> Within<T>(this IRuleBuilder<T, double?> rule, double least, double most) =>
        rule.Must(value => value is null || (value >= least && value <= most)).WithMessage($"Got {{PropertyValue}}; must be {least} to {most}.");

    /// <summary>A number above 0, up to and including the largest, or none; NaN is not.</summary>
    public static IRuleBuilderOptions<T, double?> AboveZero<T>(this IRuleBuilder<T, double?> rule, double most) =>
        rule.Must(value => value is null || (value > 0 && value <= most)).WithMessage($"Got {{PropertyValue}}; must be above 0 and at most {most}.");

    /// <inheritdoc cref="AboveZero{T}(IRuleBuilder{T, double?}, double)"/>
    public static IRuleBuilderOptions<T, double> AboveZero<T>(this IRuleBuilder<T, double> rule, double most) =>
        rule.Must(value => value > 0 && value <= most).WithMessage($"Got {{PropertyValue}}; must be above 0 and at most {most}.");

    /// <summary>A whole number in a closed range, or none.</summary>
    public static IRuleBuilderOptions<T, int?> Within<T>(this IRuleBuilder<T, int?> rule, int least, int most) =>
        rule.InclusiveBetween(least, most).WithMessage($"Got {{PropertyValue}}; must be {least} to {most}.");

    /// <summary>A whole number in a closed range.</summary>
    public static IRuleBuilderOptions<T, int> Within<T>(this IRuleBuilder<T, int> rule, int least, int most) =>
        rule.InclusiveBetween(least, most).WithMessage($"Got {{PropertyValue}}; must be {least} to {most}.");

    private static bool IsId(string text) => text.Length is >= 1 and <= 200 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
}
